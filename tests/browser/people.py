"""The people of browser tests: families and accounts of one test alone, and what they are given."""

from uuid import uuid4

from naraigoto import clock
from naraigoto.demo.schools import FIRST_OWNER
from naraigoto.services import passwords
from tests.browser.rows import ask, one
from tests.browser.site import PASSWORD, Site


def prove(site: Site, email: str) -> None:
    """Let the address be proved, as following the mailed link does."""
    sql = "UPDATE users SET email_verified_at = %(now)s WHERE email = %(email)s"
    ask(site, sql, email=email, now=clock.now())


_FAMILY = """
WITH person AS (
  INSERT INTO users (id, type, email, name, email_verified_at, created_at)
  VALUES (gen_random_uuid(), 'parent', %(email)s, %(name)s, %(now)s, %(now)s) RETURNING id),
way_in AS (
  INSERT INTO identities (id, user_id, provider, issuer, subject, secret_hash, created_at)
  SELECT gen_random_uuid(), person.id, 'local', '', person.id::text, known.secret_hash, %(now)s
  FROM person, identities known JOIN users u ON u.id = known.user_id AND u.email = 'parent@example.com'),
home AS (
  INSERT INTO families (id, name, parent_user_id, family_code, created_at)
  SELECT gen_random_uuid(), %(name)s, id, upper(substr(md5(%(email)s), 1, 6)), %(now)s FROM person
  RETURNING id),
young AS (
  INSERT INTO users (id, type, name, created_at)
  VALUES (gen_random_uuid(), 'child', %(child)s, %(now)s) RETURNING id)
INSERT INTO family_members (family_id, user_id, login_name, passcode_hash, birth_month, interests, created_at)
SELECT home.id, young.id, 'child', '-', hana.birth_month, '', %(now)s FROM home, young,
  (SELECT m.birth_month FROM family_members m JOIN families f ON f.id = m.family_id
   WHERE f.family_code = 'DEMO01' AND m.login_name = 'hana') hana
RETURNING family_id
"""


def new_family(site: Site, email: str, name: str, child: str) -> str:
    """A family of one test alone, without a plan; it signs in as the demo does, its child is Hana's age."""
    return one(site, _FAMILY, email=email, name=name, child=child, now=clock.now())


def newcomer(site: Site, *, verified: bool = True) -> str:
    """The address of a fresh guardian with a family, so that nothing of the demo is lost."""
    number, email, now = uuid4(), f"{uuid4()}@example.com", clock.now()
    ask(
        site,
        "INSERT INTO users (id, type, email, name, email_verified_at)"
        " VALUES (%(id)s, 'parent', %(email)s, '去る人', %(proved)s)",
        id=number,
        email=email,
        proved=now if verified else None,
    )
    ask(
        site,
        "INSERT INTO identities (id, user_id, provider, subject, secret_hash)"
        " VALUES (gen_random_uuid(), %(id)s, 'local', %(id)s::uuid::text, %(hash)s)",
        id=number,
        hash=passwords.hash_secret(PASSWORD),
    )
    ask(
        site,
        "INSERT INTO families (id, name, parent_user_id, family_code)"
        " VALUES (gen_random_uuid(), '去る家', %(id)s, upper(right(%(id)s::uuid::text, 6)))",
        id=number,
    )
    return email


def new_colleague(site: Site, email: str) -> None:
    """One more member of the first school, whose mailbox nothing before this test has reached."""
    sql = """
        WITH person AS (
          INSERT INTO users (id, type, email, name, email_verified_at)
          VALUES (gen_random_uuid(), 'school_owner', %(email)s, '同僚', %(now)s) RETURNING id)
        INSERT INTO school_members (school_id, user_id, role)
        SELECT s.id, person.id, 'staff' FROM schools s, person WHERE s.name = %(school)s
    """
    ask(site, sql, email=email, school=FIRST_OWNER, now=clock.now())


def child_number(site: Site, login_name: str) -> str:
    """Id of a child of the demo family."""
    sql = """
        SELECT m.user_id FROM family_members m JOIN families f ON f.id = m.family_id
        WHERE f.family_code = 'DEMO01' AND m.login_name = %(child)s
    """
    return one(site, sql, child=login_name)


def give_tickets(site: Site, email: str, count: int) -> None:
    """Tickets of this month for a guardian's family, with the entry that explains them."""
    sql = """
        WITH bucket AS (
          INSERT INTO ticket_balances (id, family_id, month, balance, expires_on)
          SELECT gen_random_uuid(), f.id, %(month)s, %(count)s, %(month)s::date + 61
          FROM families f JOIN users u ON u.id = f.parent_user_id WHERE u.email = %(email)s
          ON CONFLICT (family_id, month) DO UPDATE SET balance = ticket_balances.balance + %(count)s
          RETURNING id, family_id)
        INSERT INTO ticket_entries (id, family_id, balance_id, delta, reason, source_key)
        SELECT gen_random_uuid(), family_id, id, %(count)s, 'adjust', 'browser:' || gen_random_uuid()
        FROM bucket
    """
    ask(site, sql, email=email, count=count, month=clock.month_of(clock.now()))


def child_of(site: Site, email: str) -> str:
    """A child of a guardian, old enough for any class: its month of birth is not told."""
    sql = """
        UPDATE family_members SET birth_month = NULL WHERE user_id = (
          SELECT m.user_id FROM family_members m JOIN families f ON f.id = m.family_id
          JOIN users u ON u.id = f.parent_user_id WHERE u.email = %(email)s ORDER BY m.user_id LIMIT 1)
        RETURNING user_id
    """
    return one(site, sql, email=email)
