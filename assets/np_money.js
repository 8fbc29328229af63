// Two parts for pages about money: leaving for another site, and asking again while one waits.
import { useEffect, useRef } from "react";

/** Goes to `to` by a full navigation as soon as it is named; a page taken out of the back button's
 * memory is loaded again, since it may be out of date. */
export function NpLeave({ to }) {
  useEffect(() => {
    if (to) window.location.assign(to);
  }, [to]);
  useEffect(() => {
    const shown = (event) => event.persisted && window.location.reload();
    window.addEventListener("pageshow", shown);
    return () => window.removeEventListener("pageshow", shown);
  }, []);
  return null;
}

/** Calls `onTick` every `seconds` while `active`, and while somebody can see the page. */
export function NpTick({ active, seconds, onTick }) {
  const tick = useRef(onTick);
  tick.current = onTick;
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") tick.current?.();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [active, seconds]);
  return null;
}
