"""Every table of the domain.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geography
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("prefecture", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kana", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "centre",
            Geography(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeogFromText",
                name="geography",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("code ~ '^[0-9]{5}$'", name=op.f("ck_areas_code_format")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    op.create_table(
        "categories",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kana", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_categories")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "parent",
                "child",
                "school_owner",
                "admin",
                name="user_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erase_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "email IS NOT NULL OR type = 'child' OR deleted_at IS NOT NULL",
            name=op.f("ck_users_email_unless_child"),
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 40", name=op.f("ck_users_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email_lower", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column(
            "payload", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_webhook_events_event_id")),
    )
    op.create_index(
        "ix_webhook_events_due",
        "webhook_events",
        ["run_at", "id"],
        unique=False,
        postgresql_where=sa.text("processed_at IS NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("thing_type", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["users.id"], name=op.f("fk_audit_log_actor_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_actor_user_id"), "audit_log", ["actor_user_id"], unique=False)
    op.create_index("ix_audit_log_thing", "audit_log", ["thing_type", "thing_id", "at"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "document",
            sa.Enum(
                "terms",
                "privacy",
                "child_profile",
                "subscription",
                name="consent_document",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_consents_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint(
            "user_id", "document", "version", name=op.f("uq_consents_user_id_document_version")
        ),
    )
    op.create_table(
        "families",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_user_id", sa.Uuid(), nullable=False),
        sa.Column("family_code", sa.String(length=6), nullable=False),
        sa.Column("stripe_customer_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("family_code ~ '^[A-Z0-9]{6}$'", name=op.f("ck_families_family_code_format")),
        sa.ForeignKeyConstraint(
            ["parent_user_id"], ["users.id"], name=op.f("fk_families_parent_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_families")),
        sa.UniqueConstraint("family_code", name=op.f("uq_families_family_code")),
        sa.UniqueConstraint("parent_user_id", name=op.f("uq_families_parent_user_id")),
        sa.UniqueConstraint("stripe_customer_id", name=op.f("uq_families_stripe_customer_id")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_idempotency_keys_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", "scope", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "provider",
            sa.Enum(
                "local",
                "oidc",
                name="identity_provider",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("issuer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(provider = 'local') = (secret_hash IS NOT NULL)", name=op.f("ck_identities_secret_iff_local")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_identities_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint(
            "provider", "issuer", "subject", name=op.f("uq_identities_provider_issuer_subject")
        ),
    )
    op.create_index(op.f("ix_identities_user_id"), "identities", ["user_id"], unique=False)
    op.create_table(
        "notification_settings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reminders", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("review_requests", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("ticket_notices", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("points_notices", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("digest", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_settings_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_settings")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("recipient_user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "payload", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "dead",
                "withdrawn",
                name="outbox_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_user_id"],
            ["users.id"],
            name=op.f("fk_outbox_messages_recipient_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_messages_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_messages_dead",
        "outbox_messages",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.create_index(
        "ix_outbox_messages_due",
        "outbox_messages",
        ["run_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.create_index(
        op.f("ix_outbox_messages_recipient_user_id"), "outbox_messages", ["recipient_user_id"], unique=False
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_kana", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("access", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "location",
            Geography(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeogFromText",
                name="geography",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("image_keys", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "needs_info",
                "published",
                "suspended",
                "closed",
                name="school_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("booking_cutoff_hours", sa.Integer(), nullable=False),
        sa.Column(
            "cancel_policy",
            sa.Enum(
                "same_day_3h",
                "day_before_20",
                "two_days_before_20",
                name="cancel_policy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "safety_badge",
            sa.Enum(
                "none",
                "planned",
                "applied",
                "certified",
                name="safety_badge",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("safety_number", sa.String(), nullable=True),
        sa.Column("safety_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "safety_badge <> 'certified' OR (safety_number IS NOT NULL AND safety_on >= DATE '2026-12-25')",
            name=op.f("ck_schools_certified_has_number"),
        ),
        sa.CheckConstraint("booking_cutoff_hours BETWEEN 0 AND 72", name=op.f("ck_schools_cutoff_range")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_schools_name_length")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_schools_area_code_areas")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_schools_category_code_categories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
    )
    op.create_index(op.f("ix_schools_area_code"), "schools", ["area_code"], unique=False)
    op.create_index(op.f("ix_schools_category_code"), "schools", ["category_code"], unique=False)
    op.create_index(
        "ix_schools_location",
        "schools",
        ["location"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "school",
                "instructor",
                "class",
                "review",
                "avatar",
                name="upload_purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "issued",
                "stored",
                "attached",
                "purged",
                name="upload_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("size BETWEEN 1 AND 5242880", name=op.f("ck_uploads_size_range")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("key", name=op.f("uq_uploads_key")),
    )
    op.create_index(
        "ix_uploads_orphans",
        "uploads",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('issued', 'stored')"),
    )
    op.create_index(op.f("ix_uploads_user_id"), "uploads", ["user_id"], unique=False)
    op.create_table(
        "classes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("belongings", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=False),
        sa.Column("ticket_cost", sa.Integer(), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=False),
        sa.Column("age_max", sa.Integer(), nullable=False),
        sa.Column("instructor_choice", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("image_key", sa.String(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "age_min >= 0 AND age_max BETWEEN age_min AND 18", name=op.f("ck_classes_age_range")
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 200", name=op.f("ck_classes_capacity_range")),
        sa.CheckConstraint("duration_min BETWEEN 10 AND 480", name=op.f("ck_classes_duration_range")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 80", name=op.f("ck_classes_title_length")),
        sa.CheckConstraint("ticket_cost BETWEEN 1 AND 10", name=op.f("ck_classes_ticket_cost_range")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_classes_school_id_schools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
    )
    op.create_index(op.f("ix_classes_school_id"), "classes", ["school_id"], unique=False)
    op.create_table(
        "family_guardians",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_family_guardians_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_family_guardians_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("family_id", "user_id", name=op.f("pk_family_guardians")),
        sa.UniqueConstraint("user_id", name=op.f("uq_family_guardians_user_id")),
    )
    op.create_table(
        "family_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_family_invitations_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["users.id"], name=op.f("fk_family_invitations_invited_by_users")
        ),
        sa.ForeignKeyConstraint(["used_by"], ["users.id"], name=op.f("fk_family_invitations_used_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_family_invitations_token_hash")),
    )
    op.create_index(
        op.f("ix_family_invitations_family_id"), "family_invitations", ["family_id"], unique=False
    )
    op.create_index(
        op.f("ix_family_invitations_invited_by"), "family_invitations", ["invited_by"], unique=False
    )
    op.create_index(op.f("ix_family_invitations_used_by"), "family_invitations", ["used_by"], unique=False)
    op.create_table(
        "family_members",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("login_name", sa.String(length=20), nullable=False),
        sa.Column("passcode_hash", sa.String(), nullable=False),
        sa.Column("birth_month", sa.Date(), nullable=True),
        sa.Column("interests", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "extract(day from birth_month) = 1", name=op.f("ck_family_members_birth_month_first_day")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_family_members_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_family_members_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("family_id", "user_id", name=op.f("pk_family_members")),
        sa.UniqueConstraint("user_id", name=op.f("uq_family_members_user_id")),
    )
    op.create_index(
        "uq_family_members_login_name",
        "family_members",
        ["family_id", sa.literal_column("lower(login_name)")],
        unique=True,
    )
    op.create_table(
        "instructors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_kana", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("profile", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("image_key", sa.String(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 40", name=op.f("ck_instructors_name_length")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_instructors_school_id_schools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructors")),
    )
    op.create_index(op.f("ix_instructors_school_id"), "instructors", ["school_id"], unique=False)
    op.create_table(
        "likes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_likes_family_id_families"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_likes_school_id_schools"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_likes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "school_id", name=op.f("pk_likes")),
    )
    op.create_index(op.f("ix_likes_family_id"), "likes", ["family_id"], unique=False)
    op.create_index(op.f("ix_likes_school_id"), "likes", ["school_id"], unique=False)
    op.create_table(
        "points_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "review",
                "photo",
                "referral",
                "redeem",
                "expire",
                "revoke",
                "adjust",
                name="points_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_points_transactions_moves_something")),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_points_transactions_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_points_transactions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_transactions")),
        sa.UniqueConstraint("source_key", name=op.f("uq_points_transactions_source_key")),
    )
    op.create_index(
        "ix_points_transactions_family_at", "points_transactions", ["family_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_points_transactions_user_id"), "points_transactions", ["user_id"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("referrer_family_id", sa.Uuid(), nullable=False),
        sa.Column("referred_family_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "accepted",
                "expired",
                "void",
                name="referral_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rewarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("code ~ '^[A-HJ-NP-Z2-9]{8}$'", name=op.f("ck_referrals_code_format")),
        sa.CheckConstraint("referrer_family_id <> referred_family_id", name=op.f("ck_referrals_not_oneself")),
        sa.ForeignKeyConstraint(
            ["referred_family_id"], ["families.id"], name=op.f("fk_referrals_referred_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["referrer_family_id"], ["families.id"], name=op.f("fk_referrals_referrer_family_id_families")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("code", name=op.f("uq_referrals_code")),
    )
    op.create_index(
        op.f("ix_referrals_referrer_family_id"), "referrals", ["referrer_family_id"], unique=False
    )
    op.create_index(
        "uq_referrals_referred",
        "referrals",
        ["referred_family_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'void'"),
    )
    op.create_table(
        "school_members",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner", "staff", name="school_role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["schools.id"],
            name=op.f("fk_school_members_school_id_schools"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_school_members_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("school_id", "user_id", name=op.f("pk_school_members")),
    )
    op.create_index(op.f("ix_school_members_user_id"), "school_members", ["user_id"], unique=False)
    op.create_table(
        "school_search",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("norm", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_school_search_school_id_schools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_search")),
    )
    op.create_index(
        "ix_school_search_grams",
        "school_search",
        [sa.literal_column("ng_grams(norm)")],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_table(
        "schools_stats",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("parent_rating_sum", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("parent_review_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("child_rating_sum", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("child_review_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("like_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("bookings_90d", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("score", sa.Integer(), server_default=sa.text("3500"), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_schools_stats_area_code_areas")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_schools_stats_category_code_categories")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_schools_stats_school_id_schools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_schools_stats")),
    )
    op.create_index(
        "ix_schools_stats_area",
        "schools_stats",
        ["area_code", sa.literal_column("score DESC"), sa.literal_column("school_id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_schools_stats_area_category",
        "schools_stats",
        ["area_code", "category_code", sa.literal_column("score DESC"), sa.literal_column("school_id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_schools_stats_category",
        "schools_stats",
        ["category_code", sa.literal_column("score DESC"), sa.literal_column("school_id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_schools_stats_score",
        "schools_stats",
        [sa.literal_column("score DESC"), sa.literal_column("school_id DESC")],
        unique=False,
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_subscription_id", sa.String(), nullable=False),
        sa.Column(
            "plan",
            sa.Enum(
                "light",
                "standard",
                "family",
                name="plan_id",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "incomplete",
                "incomplete_expired",
                "active",
                "on_hold",
                "canceled",
                name="subscription_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("current_period_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current_period_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_at_period_end", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_subscriptions_family_id_families")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("stripe_subscription_id", name=op.f("uq_subscriptions_stripe_subscription_id")),
    )
    op.create_index(op.f("ix_subscriptions_family_id"), "subscriptions", ["family_id"], unique=False)
    op.create_index(
        "uq_subscriptions_live",
        "subscriptions",
        ["family_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('active', 'on_hold')"),
    )
    op.create_table(
        "ticket_balances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("balance", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_ticket_balances_not_negative")),
        sa.CheckConstraint("expires_on > month", name=op.f("ck_ticket_balances_expires_after_month")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_ticket_balances_month_first_day")),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_ticket_balances_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_balances")),
        sa.UniqueConstraint("family_id", "month", name=op.f("uq_ticket_balances_family_id_month")),
    )
    op.create_index("ix_ticket_balances_expiry", "ticket_balances", ["expires_on"], unique=False)
    op.create_table(
        "lesson_schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("instructor_id", sa.Uuid(), nullable=True),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "start_date_jst",
            sa.Date(),
            sa.Computed("(start_at AT TIME ZONE 'Asia/Tokyo')::date", persisted=True),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("held_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("instructor_id"), "="),
            (sa.text("tstzrange(start_at, end_at)"), "&&"),
            where=sa.text("cancelled_at IS NULL AND instructor_id IS NOT NULL"),
            using="gist",
            name="ex_lesson_schedules_instructor_once",
        ),
        sa.CheckConstraint(
            "booked_count BETWEEN 0 AND capacity", name=op.f("ck_lesson_schedules_booked_within_capacity")
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 200", name=op.f("ck_lesson_schedules_capacity_range")),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_lesson_schedules_ends_after_start")),
        sa.CheckConstraint(
            "held_count BETWEEN 0 AND capacity - booked_count",
            name=op.f("ck_lesson_schedules_held_within_capacity"),
        ),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["classes.id"],
            name=op.f("fk_lesson_schedules_class_id_classes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["instructors.id"], name=op.f("fk_lesson_schedules_instructor_id_instructors")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["schools.id"],
            name=op.f("fk_lesson_schedules_school_id_schools"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_schedules")),
    )
    op.create_index(op.f("ix_lesson_schedules_class_id"), "lesson_schedules", ["class_id"], unique=False)
    op.create_index(
        op.f("ix_lesson_schedules_instructor_id"), "lesson_schedules", ["instructor_id"], unique=False
    )
    op.create_index(
        "ix_lesson_schedules_open_day",
        "lesson_schedules",
        ["start_date_jst", "school_id"],
        unique=False,
        postgresql_where=sa.text("cancelled_at IS NULL AND booked_count + held_count < capacity"),
    )
    op.create_index(
        "ix_lesson_schedules_school_start",
        "lesson_schedules",
        ["school_id", "start_at"],
        unique=False,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_index("ix_lesson_schedules_start", "lesson_schedules", ["start_at"], unique=False)
    op.create_index(
        "uq_lesson_schedules_slot",
        "lesson_schedules",
        ["class_id", "start_at", "instructor_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("stripe_invoice_id", sa.String(), nullable=True),
        sa.Column("stripe_payment_intent_id", sa.String(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "first",
                "renewal",
                "upgrade",
                "other",
                name="payment_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "paid",
                "failed",
                "refunded",
                "void",
                name="payment_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "meta", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payments_not_negative")),
        sa.ForeignKeyConstraint(["family_id"], ["families.id"], name=op.f("fk_payments_family_id_families")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_payments_subscription_id_subscriptions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("stripe_invoice_id", name=op.f("uq_payments_stripe_invoice_id")),
        sa.UniqueConstraint("stripe_payment_intent_id", name=op.f("uq_payments_stripe_payment_intent_id")),
    )
    op.create_index(op.f("ix_payments_family_id"), "payments", ["family_id"], unique=False)
    op.create_index(op.f("ix_payments_subscription_id"), "payments", ["subscription_id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("instructor_id", sa.Uuid(), nullable=True),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "reserved",
                "cancelled",
                "attended",
                "absent",
                name="booking_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("consumed_tickets", sa.Integer(), nullable=False),
        sa.Column("cancel_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "cancel_kind",
            sa.Enum(
                "in_time",
                "grace",
                "late",
                "courtesy",
                "school",
                "admin",
                name="cancel_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("user_id"), "="),
            (sa.column("period"), "&&"),
            where=sa.text("status IN ('reserved', 'attended', 'absent')"),
            using="gist",
            name="ex_bookings_child_once",
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancel_kind IS NOT NULL)", name=op.f("ck_bookings_kind_iff_cancelled")
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)",
            name=op.f("ck_bookings_moment_iff_cancelled"),
        ),
        sa.CheckConstraint("consumed_tickets > 0", name=op.f("ck_bookings_uses_tickets")),
        sa.ForeignKeyConstraint(["booked_by"], ["users.id"], name=op.f("fk_bookings_booked_by_users")),
        sa.ForeignKeyConstraint(["cancelled_by"], ["users.id"], name=op.f("fk_bookings_cancelled_by_users")),
        sa.ForeignKeyConstraint(["family_id"], ["families.id"], name=op.f("fk_bookings_family_id_families")),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["instructors.id"], name=op.f("fk_bookings_instructor_id_instructors")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["lesson_schedules.id"], name=op.f("fk_bookings_schedule_id_lesson_schedules")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bookings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    op.create_index(op.f("ix_bookings_booked_by"), "bookings", ["booked_by"], unique=False)
    op.create_index(op.f("ix_bookings_cancelled_by"), "bookings", ["cancelled_by"], unique=False)
    op.create_index(
        "ix_bookings_family_period",
        "bookings",
        ["family_id", sa.literal_column("lower(period)")],
        unique=False,
    )
    op.create_index(op.f("ix_bookings_instructor_id"), "bookings", ["instructor_id"], unique=False)
    op.create_index(
        "ix_bookings_schedule_active",
        "bookings",
        ["schedule_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('reserved', 'attended', 'absent')"),
    )
    op.create_index(op.f("ix_bookings_schedule_id"), "bookings", ["schedule_id"], unique=False)
    op.create_index(op.f("ix_bookings_user_id"), "bookings", ["user_id"], unique=False)
    op.create_index(
        "uq_bookings_active",
        "bookings",
        ["user_id", "schedule_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('reserved', 'attended', 'absent')"),
    )
    op.create_table(
        "attendances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "attended",
                "absent",
                name="attendance_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("automatic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_attendances_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_attendances_recorded_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_attendances_booking_id")),
    )
    op.create_index(op.f("ix_attendances_recorded_by"), "attendances", ["recorded_by"], unique=False)
    op.create_table(
        "booking_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("child_user_id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("stamp", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "approved",
                "declined",
                "expired",
                "withdrawn",
                name="request_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(note) <= 60", name=op.f("ck_booking_requests_note_length")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_requests_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["child_user_id"], ["users.id"], name=op.f("fk_booking_requests_child_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_booking_requests_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_booking_requests_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["lesson_schedules.id"],
            name=op.f("fk_booking_requests_schedule_id_lesson_schedules"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_requests")),
    )
    op.create_index(op.f("ix_booking_requests_booking_id"), "booking_requests", ["booking_id"], unique=False)
    op.create_index(
        op.f("ix_booking_requests_child_user_id"), "booking_requests", ["child_user_id"], unique=False
    )
    op.create_index(op.f("ix_booking_requests_decided_by"), "booking_requests", ["decided_by"], unique=False)
    op.create_index(op.f("ix_booking_requests_family_id"), "booking_requests", ["family_id"], unique=False)
    op.create_index(
        op.f("ix_booking_requests_schedule_id"), "booking_requests", ["schedule_id"], unique=False
    )
    op.create_index(
        "uq_booking_requests_pending",
        "booking_requests",
        ["child_user_id", "schedule_id"],
        unique=True,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "read_only",
                "frozen",
                name="conversation_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("writable_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_conversations_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_conversations_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_conversations_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_conversations_booking_id")),
    )
    op.create_index(
        "ix_conversations_family_last", "conversations", ["family_id", "last_message_at"], unique=False
    )
    op.create_index(
        "ix_conversations_school_last", "conversations", ["school_id", "last_message_at"], unique=False
    )
    op.create_table(
        "reviews_child",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("author_user_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "target_type",
            sa.Enum(
                "school",
                "instructor",
                name="review_target",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "published",
                "held",
                "hidden",
                "removed",
                "deleted",
                name="review_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hold_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("helpful_count", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(comment) <= 200", name=op.f("ck_reviews_child_comment_length")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_child_rating_range")),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["users.id"], name=op.f("fk_reviews_child_author_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_reviews_child_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_reviews_child_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_reviews_child_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_child")),
        sa.UniqueConstraint(
            "booking_id", "target_type", name=op.f("uq_reviews_child_booking_id_target_type")
        ),
    )
    op.create_index(
        op.f("ix_reviews_child_author_user_id"), "reviews_child", ["author_user_id"], unique=False
    )
    op.create_index(op.f("ix_reviews_child_family_id"), "reviews_child", ["family_id"], unique=False)
    op.create_index(
        "ix_reviews_child_school",
        "reviews_child",
        ["school_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_reviews_child_target",
        "reviews_child",
        ["target_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "reviews_parent",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("author_user_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "target_type",
            sa.Enum(
                "school",
                "instructor",
                name="review_target",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "published",
                "held",
                "hidden",
                "removed",
                "deleted",
                name="review_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hold_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("helpful_count", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(comment) <= 2000", name=op.f("ck_reviews_parent_comment_length")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_parent_rating_range")),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["users.id"], name=op.f("fk_reviews_parent_author_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_reviews_parent_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_reviews_parent_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_reviews_parent_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_parent")),
        sa.UniqueConstraint(
            "booking_id", "target_type", name=op.f("uq_reviews_parent_booking_id_target_type")
        ),
    )
    op.create_index(
        op.f("ix_reviews_parent_author_user_id"), "reviews_parent", ["author_user_id"], unique=False
    )
    op.create_index(op.f("ix_reviews_parent_family_id"), "reviews_parent", ["family_id"], unique=False)
    op.create_index(
        "ix_reviews_parent_school",
        "reviews_parent",
        ["school_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "ix_reviews_parent_target",
        "reviews_parent",
        ["target_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "ticket_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("balance_id", sa.Uuid(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "grant",
                "spend",
                "refund",
                "expire",
                "adjust",
                "redeem",
                name="ticket_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_ticket_entries_moves_something")),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["users.id"], name=op.f("fk_ticket_entries_actor_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["balance_id"],
            ["ticket_balances.id"],
            name=op.f("fk_ticket_entries_balance_id_ticket_balances"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_ticket_entries_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["families.id"],
            name=op.f("fk_ticket_entries_family_id_families"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_entries")),
        sa.UniqueConstraint("source_key", name=op.f("uq_ticket_entries_source_key")),
    )
    op.create_index(
        op.f("ix_ticket_entries_actor_user_id"), "ticket_entries", ["actor_user_id"], unique=False
    )
    op.create_index(op.f("ix_ticket_entries_balance_id"), "ticket_entries", ["balance_id"], unique=False)
    op.create_index(op.f("ix_ticket_entries_booking_id"), "ticket_entries", ["booking_id"], unique=False)
    op.create_index(
        "ix_ticket_entries_family_at", "ticket_entries", ["family_id", "created_at"], unique=False
    )
    op.create_table(
        "waitlist_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("child_user_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "offered",
                "booked",
                "declined",
                "lapsed",
                "closed",
                name="waitlist_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("auto_book", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("offer_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_waitlist_entries_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["child_user_id"], ["users.id"], name=op.f("fk_waitlist_entries_child_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["families.id"], name=op.f("fk_waitlist_entries_family_id_families")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["lesson_schedules.id"],
            name=op.f("fk_waitlist_entries_schedule_id_lesson_schedules"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entries")),
    )
    op.create_index(op.f("ix_waitlist_entries_booking_id"), "waitlist_entries", ["booking_id"], unique=False)
    op.create_index(
        op.f("ix_waitlist_entries_child_user_id"), "waitlist_entries", ["child_user_id"], unique=False
    )
    op.create_index(op.f("ix_waitlist_entries_family_id"), "waitlist_entries", ["family_id"], unique=False)
    op.create_index(
        "ix_waitlist_entries_queue",
        "waitlist_entries",
        ["schedule_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'offered')"),
    )
    op.create_index(
        op.f("ix_waitlist_entries_schedule_id"), "waitlist_entries", ["schedule_id"], unique=False
    )
    op.create_index(
        "uq_waitlist_entries_open",
        "waitlist_entries",
        ["child_user_id", "schedule_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('waiting', 'offered')"),
    )
    op.create_table(
        "conversation_reads",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_reads_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_conversation_reads_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name=op.f("pk_conversation_reads")),
    )
    op.create_index(op.f("ix_conversation_reads_user_id"), "conversation_reads", ["user_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sender_user_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 2000", name=op.f("ck_messages_body_length")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sender_user_id"], ["users.id"], name=op.f("fk_messages_sender_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "conversation_id",
            "sender_user_id",
            "client_id",
            name=op.f("uq_messages_conversation_id_sender_user_id_client_id"),
        ),
    )
    op.create_index(
        "ix_messages_conversation_order", "messages", ["conversation_id", "created_at", "id"], unique=False
    )
    op.create_index(op.f("ix_messages_sender_user_id"), "messages", ["sender_user_id"], unique=False)
    op.create_table(
        "review_images",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_review_id", sa.Uuid(), nullable=True),
        sa.Column("child_review_id", sa.Uuid(), nullable=True),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(parent_review_id, child_review_id) = 1", name=op.f("ck_review_images_one_review")
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 4", name=op.f("ck_review_images_position_range")),
        sa.ForeignKeyConstraint(
            ["child_review_id"],
            ["reviews_child.id"],
            name=op.f("fk_review_images_child_review_id_reviews_child"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_review_id"],
            ["reviews_parent.id"],
            name=op.f("fk_review_images_parent_review_id_reviews_parent"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_review_images_upload_id_uploads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_images")),
        sa.UniqueConstraint("upload_id", name=op.f("uq_review_images_upload_id")),
    )
    op.create_index(
        op.f("ix_review_images_child_review_id"), "review_images", ["child_review_id"], unique=False
    )
    op.create_index(
        op.f("ix_review_images_parent_review_id"), "review_images", ["parent_review_id"], unique=False
    )
    op.create_table(
        "review_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_review_id", sa.Uuid(), nullable=True),
        sa.Column("child_review_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("author_user_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 1000", name=op.f("ck_review_replies_body_length")),
        sa.CheckConstraint(
            "num_nonnulls(parent_review_id, child_review_id) = 1", name=op.f("ck_review_replies_one_review")
        ),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["users.id"], name=op.f("fk_review_replies_author_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["child_review_id"],
            ["reviews_child.id"],
            name=op.f("fk_review_replies_child_review_id_reviews_child"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_review_id"],
            ["reviews_parent.id"],
            name=op.f("fk_review_replies_parent_review_id_reviews_parent"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_review_replies_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_replies")),
        sa.UniqueConstraint("child_review_id", name=op.f("uq_review_replies_child_review_id")),
        sa.UniqueConstraint("parent_review_id", name=op.f("uq_review_replies_parent_review_id")),
    )
    op.create_index(
        op.f("ix_review_replies_author_user_id"), "review_replies", ["author_user_id"], unique=False
    )
    op.create_index(op.f("ix_review_replies_school_id"), "review_replies", ["school_id"], unique=False)
    op.create_table(
        "review_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_review_id", sa.Uuid(), nullable=True),
        sa.Column("child_review_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("reporter_user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "personal_data",
                "defamation",
                "false",
                "advertising",
                "child_safety",
                "other",
                name="report_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "dismissed",
                "upheld",
                name="report_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(parent_review_id, child_review_id, message_id) = 1",
            name=op.f("ck_review_reports_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["child_review_id"],
            ["reviews_child.id"],
            name=op.f("fk_review_reports_child_review_id_reviews_child"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_review_reports_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_review_reports_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_review_id"],
            ["reviews_parent.id"],
            name=op.f("fk_review_reports_parent_review_id_reviews_parent"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reporter_user_id"], ["users.id"], name=op.f("fk_review_reports_reporter_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_reports")),
    )
    op.create_index(
        op.f("ix_review_reports_child_review_id"), "review_reports", ["child_review_id"], unique=False
    )
    op.create_index(op.f("ix_review_reports_decided_by"), "review_reports", ["decided_by"], unique=False)
    op.create_index(op.f("ix_review_reports_message_id"), "review_reports", ["message_id"], unique=False)
    op.create_index(
        "ix_review_reports_open",
        "review_reports",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        op.f("ix_review_reports_parent_review_id"), "review_reports", ["parent_review_id"], unique=False
    )
    op.create_index(
        "uq_review_reports_once",
        "review_reports",
        ["reporter_user_id", sa.literal_column("coalesce(parent_review_id, child_review_id, message_id)")],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("uq_review_reports_once", table_name="review_reports")
    op.drop_index(op.f("ix_review_reports_parent_review_id"), table_name="review_reports")
    op.drop_index(
        "ix_review_reports_open", table_name="review_reports", postgresql_where=sa.text("status = 'open'")
    )
    op.drop_index(op.f("ix_review_reports_message_id"), table_name="review_reports")
    op.drop_index(op.f("ix_review_reports_decided_by"), table_name="review_reports")
    op.drop_index(op.f("ix_review_reports_child_review_id"), table_name="review_reports")
    op.drop_table("review_reports")
    op.drop_index(op.f("ix_review_replies_school_id"), table_name="review_replies")
    op.drop_index(op.f("ix_review_replies_author_user_id"), table_name="review_replies")
    op.drop_table("review_replies")
    op.drop_index(op.f("ix_review_images_parent_review_id"), table_name="review_images")
    op.drop_index(op.f("ix_review_images_child_review_id"), table_name="review_images")
    op.drop_table("review_images")
    op.drop_index(op.f("ix_messages_sender_user_id"), table_name="messages")
    op.drop_index("ix_messages_conversation_order", table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("ix_conversation_reads_user_id"), table_name="conversation_reads")
    op.drop_table("conversation_reads")
    op.drop_index(
        "uq_waitlist_entries_open",
        table_name="waitlist_entries",
        postgresql_where=sa.text("status IN ('waiting', 'offered')"),
    )
    op.drop_index(op.f("ix_waitlist_entries_schedule_id"), table_name="waitlist_entries")
    op.drop_index(
        "ix_waitlist_entries_queue",
        table_name="waitlist_entries",
        postgresql_where=sa.text("status IN ('waiting', 'offered')"),
    )
    op.drop_index(op.f("ix_waitlist_entries_family_id"), table_name="waitlist_entries")
    op.drop_index(op.f("ix_waitlist_entries_child_user_id"), table_name="waitlist_entries")
    op.drop_index(op.f("ix_waitlist_entries_booking_id"), table_name="waitlist_entries")
    op.drop_table("waitlist_entries")
    op.drop_index("ix_ticket_entries_family_at", table_name="ticket_entries")
    op.drop_index(op.f("ix_ticket_entries_booking_id"), table_name="ticket_entries")
    op.drop_index(op.f("ix_ticket_entries_balance_id"), table_name="ticket_entries")
    op.drop_index(op.f("ix_ticket_entries_actor_user_id"), table_name="ticket_entries")
    op.drop_table("ticket_entries")
    op.drop_index(
        "ix_reviews_parent_target",
        table_name="reviews_parent",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_index(
        "ix_reviews_parent_school",
        table_name="reviews_parent",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_index(op.f("ix_reviews_parent_family_id"), table_name="reviews_parent")
    op.drop_index(op.f("ix_reviews_parent_author_user_id"), table_name="reviews_parent")
    op.drop_table("reviews_parent")
    op.drop_index(
        "ix_reviews_child_target",
        table_name="reviews_child",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_index(
        "ix_reviews_child_school",
        table_name="reviews_child",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_index(op.f("ix_reviews_child_family_id"), table_name="reviews_child")
    op.drop_index(op.f("ix_reviews_child_author_user_id"), table_name="reviews_child")
    op.drop_table("reviews_child")
    op.drop_index("ix_conversations_school_last", table_name="conversations")
    op.drop_index("ix_conversations_family_last", table_name="conversations")
    op.drop_table("conversations")
    op.drop_index(
        "uq_booking_requests_pending",
        table_name="booking_requests",
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_index(op.f("ix_booking_requests_schedule_id"), table_name="booking_requests")
    op.drop_index(op.f("ix_booking_requests_family_id"), table_name="booking_requests")
    op.drop_index(op.f("ix_booking_requests_decided_by"), table_name="booking_requests")
    op.drop_index(op.f("ix_booking_requests_child_user_id"), table_name="booking_requests")
    op.drop_index(op.f("ix_booking_requests_booking_id"), table_name="booking_requests")
    op.drop_table("booking_requests")
    op.drop_index(op.f("ix_attendances_recorded_by"), table_name="attendances")
    op.drop_table("attendances")
    op.drop_index(
        "uq_bookings_active",
        table_name="bookings",
        postgresql_where=sa.text("status IN ('reserved', 'attended', 'absent')"),
    )
    op.drop_index(op.f("ix_bookings_user_id"), table_name="bookings")
    op.drop_index(op.f("ix_bookings_schedule_id"), table_name="bookings")
    op.drop_index(
        "ix_bookings_schedule_active",
        table_name="bookings",
        postgresql_where=sa.text("status IN ('reserved', 'attended', 'absent')"),
    )
    op.drop_index(op.f("ix_bookings_instructor_id"), table_name="bookings")
    op.drop_index("ix_bookings_family_period", table_name="bookings")
    op.drop_index(op.f("ix_bookings_cancelled_by"), table_name="bookings")
    op.drop_index(op.f("ix_bookings_booked_by"), table_name="bookings")
    op.drop_table("bookings")
    op.drop_index(op.f("ix_payments_subscription_id"), table_name="payments")
    op.drop_index(op.f("ix_payments_family_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(
        "uq_lesson_schedules_slot",
        table_name="lesson_schedules",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index("ix_lesson_schedules_start", table_name="lesson_schedules")
    op.drop_index(
        "ix_lesson_schedules_school_start",
        table_name="lesson_schedules",
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index(
        "ix_lesson_schedules_open_day",
        table_name="lesson_schedules",
        postgresql_where=sa.text("cancelled_at IS NULL AND booked_count + held_count < capacity"),
    )
    op.drop_index(op.f("ix_lesson_schedules_instructor_id"), table_name="lesson_schedules")
    op.drop_index(op.f("ix_lesson_schedules_class_id"), table_name="lesson_schedules")
    op.drop_table("lesson_schedules")
    op.drop_index("ix_ticket_balances_expiry", table_name="ticket_balances")
    op.drop_table("ticket_balances")
    op.drop_index(
        "uq_subscriptions_live",
        table_name="subscriptions",
        postgresql_where=sa.text("status IN ('active', 'on_hold')"),
    )
    op.drop_index(op.f("ix_subscriptions_family_id"), table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_index("ix_schools_stats_score", table_name="schools_stats")
    op.drop_index("ix_schools_stats_category", table_name="schools_stats")
    op.drop_index("ix_schools_stats_area_category", table_name="schools_stats")
    op.drop_index("ix_schools_stats_area", table_name="schools_stats")
    op.drop_table("schools_stats")
    op.drop_index(
        "ix_school_search_grams",
        table_name="school_search",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.drop_table("school_search")
    op.drop_index(op.f("ix_school_members_user_id"), table_name="school_members")
    op.drop_table("school_members")
    op.drop_index(
        "uq_referrals_referred", table_name="referrals", postgresql_where=sa.text("status <> 'void'")
    )
    op.drop_index(op.f("ix_referrals_referrer_family_id"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_index(op.f("ix_points_transactions_user_id"), table_name="points_transactions")
    op.drop_index("ix_points_transactions_family_at", table_name="points_transactions")
    op.drop_table("points_transactions")
    op.drop_index(op.f("ix_likes_school_id"), table_name="likes")
    op.drop_index(op.f("ix_likes_family_id"), table_name="likes")
    op.drop_table("likes")
    op.drop_index(op.f("ix_instructors_school_id"), table_name="instructors")
    op.drop_table("instructors")
    op.drop_index("uq_family_members_login_name", table_name="family_members")
    op.drop_table("family_members")
    op.drop_index(op.f("ix_family_invitations_used_by"), table_name="family_invitations")
    op.drop_index(op.f("ix_family_invitations_invited_by"), table_name="family_invitations")
    op.drop_index(op.f("ix_family_invitations_family_id"), table_name="family_invitations")
    op.drop_table("family_invitations")
    op.drop_table("family_guardians")
    op.drop_index(op.f("ix_classes_school_id"), table_name="classes")
    op.drop_table("classes")
    op.drop_index(op.f("ix_uploads_user_id"), table_name="uploads")
    op.drop_index(
        "ix_uploads_orphans", table_name="uploads", postgresql_where=sa.text("status IN ('issued', 'stored')")
    )
    op.drop_table("uploads")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_expires_at"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_schools_location", table_name="schools", postgresql_using="gist")
    op.drop_index(op.f("ix_schools_category_code"), table_name="schools")
    op.drop_index(op.f("ix_schools_area_code"), table_name="schools")
    op.drop_table("schools")
    op.drop_index(op.f("ix_outbox_messages_recipient_user_id"), table_name="outbox_messages")
    op.drop_index(
        "ix_outbox_messages_due",
        table_name="outbox_messages",
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.drop_index(
        "ix_outbox_messages_dead", table_name="outbox_messages", postgresql_where=sa.text("status = 'dead'")
    )
    op.drop_table("outbox_messages")
    op.drop_table("notification_settings")
    op.drop_index(op.f("ix_identities_user_id"), table_name="identities")
    op.drop_table("identities")
    op.drop_table("idempotency_keys")
    op.drop_table("families")
    op.drop_table("consents")
    op.drop_index("ix_audit_log_thing", table_name="audit_log")
    op.drop_index(op.f("ix_audit_log_actor_user_id"), table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_index(
        "ix_webhook_events_due",
        table_name="webhook_events",
        postgresql_where=sa.text("processed_at IS NULL AND dead_at IS NULL"),
    )
    op.drop_table("webhook_events")
    op.drop_index("uq_users_email_lower", table_name="users")
    op.drop_table("users")
    op.drop_table("categories")
    op.drop_table("areas")
