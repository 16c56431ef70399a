create schema if not exists "rapport";

create table if not exists "rapport"."rapport_schema" (
  "id" bigint generated always as identity primary key,
  "fingerprint" text not null,
  "applied_at" timestamp(3) with time zone not null default now()
);

create table if not exists "rapport"."change" (
  "tenant_id" text collate "C" not null,
  "xid" xid8 not null default pg_current_xact_id(),
  "seq" bigint not null generated always as identity,
  "entity" text collate "C" not null,
  "deleted" boolean not null,
  "ids" text[] collate "C" not null,
  "versions" bigint[] not null,
  constraint "pk_change" primary key ("tenant_id", "xid", "seq")
);

alter table "rapport"."change" alter column "ids" set storage external, alter column "versions" set storage external;

create table if not exists "rapport"."journal" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "updated_at" timestamp(3) with time zone not null,
  "entity" text collate "C" not null,
  "record_id" text collate "C" not null,
  "record_version" bigint not null,
  "at" timestamp(3) with time zone not null,
  "actor_type" text collate "C" not null,
  "actor_id" text collate "C" not null,
  "actor" jsonb not null,
  "change" text collate "C" not null,
  "cause" text collate "C",
  "changes" jsonb not null,
  "events" jsonb not null,
  "previous_hash" text collate "C",
  "hash" text collate "C" not null,
  constraint "pk_journal" primary key ("tenant_id", "id")
);

create index if not exists "ix_journal_record_c72b1911" on "rapport"."journal" ("tenant_id", "entity" asc, "record_id" asc, "record_version" desc, "id" desc);

create index if not exists "ix_journal_at_1a6ba638" on "rapport"."journal" ("tenant_id", "at" asc, "id" asc);

create table if not exists "rapport"."tenant" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "name" text collate "C",
  "currency" text collate "C",
  "time_zone" text collate "C",
  "locale" text collate "C",
  "week_start" text collate "C",
  constraint "pk_tenant" primary key ("tenant_id", "id")
);

create index if not exists "ix_tenant_custom_fields_2c1366b4" on "rapport"."tenant" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."counter" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "updated_at" timestamp(3) with time zone not null,
  "value" bigint,
  constraint "pk_counter" primary key ("tenant_id", "id")
);

create table if not exists "rapport"."custom_field" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "object" text collate "C" not null,
  "key" text collate "C" not null,
  "type" text collate "C" not null,
  "label" text collate "C" not null,
  "options" text[] collate "C",
  "required" boolean not null,
  "personal" boolean not null,
  "description" text collate "C",
  "hints" jsonb,
  "unique_key" text collate "C",
  constraint "pk_custom_field" primary key ("tenant_id", "id")
);

create index if not exists "ix_custom_field_object_3278535d" on "rapport"."custom_field" ("tenant_id", "object" asc, "key" asc, "id" asc) where "deleted_at" is null;

create unique index if not exists "ix_custom_field_natural_key_1ce739f6" on "rapport"."custom_field" ("tenant_id", "unique_key" asc) where "unique_key" is not null;

create index if not exists "ix_custom_field_custom_fields_2c1366b4" on "rapport"."custom_field" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."subscription" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "updated_at" timestamp(3) with time zone not null,
  "name" text collate "C" not null,
  "position" text collate "C" not null,
  constraint "pk_subscription" primary key ("tenant_id", "id")
);

create table if not exists "rapport"."run" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "kind" text collate "C" not null,
  "status" text collate "C" not null,
  "params" jsonb not null,
  "result" jsonb,
  "error" jsonb,
  "started_at" timestamp(3) with time zone,
  "finished_at" timestamp(3) with time zone,
  "cursor" jsonb,
  "progress__done" bigint,
  "progress__total" bigint,
  "counts" jsonb,
  "lease_until" timestamp(3) with time zone,
  constraint "pk_run" primary key ("tenant_id", "id")
);

create index if not exists "ix_run_status_c81f0d3d" on "rapport"."run" ("tenant_id", "status" asc, "created_at" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_run_kind_537fc78d" on "rapport"."run" ("tenant_id", "kind" asc, "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_run_custom_fields_2c1366b4" on "rapport"."run" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."contact" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "salutation" text collate "C",
  "first_name" text collate "C",
  "last_name" text collate "C",
  "emails" jsonb not null,
  "phones" jsonb not null,
  "addresses" jsonb not null,
  "job_title" text collate "C",
  "locale" text collate "C",
  "time_zone" text collate "C",
  "birth_date" text collate "C",
  "lifecycle_stage" text collate "C" not null,
  "lead_source" text collate "C",
  "external_refs" jsonb not null,
  "full_name" text collate "C",
  "full_name_folded" text collate "C",
  "primary_email" text collate "C",
  "primary_email_folded" text collate "C",
  "primary_phone" text collate "C",
  "first_order_at" timestamp(3) with time zone,
  "last_order_at" timestamp(3) with time zone,
  "order_count" bigint,
  "last_activity_at" timestamp(3) with time zone,
  "scores__rfm__recency" bigint,
  "scores__rfm__frequency" bigint,
  "scores__rfm__monetary" bigint,
  "scores__rfm__segment" text collate "C",
  "scores__clv__amount_minor" bigint,
  "scores__clv__currency" text collate "C",
  "scores__clv__probability_alive" double precision,
  "scores__clv__expected_purchases" double precision,
  "scores__clv__as_of" timestamp(3) with time zone,
  "scores__value__tier" text collate "C",
  constraint "pk_contact" primary key ("tenant_id", "id")
);

create index if not exists "ix_contact_created_f93657e6" on "rapport"."contact" ("tenant_id", "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_contact_updated_19bde705" on "rapport"."contact" ("tenant_id", "updated_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_contact_full_name_857bb907" on "rapport"."contact" ("tenant_id", "full_name" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_contact_email_70a8ac63" on "rapport"."contact" ("tenant_id", "primary_email" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_contact_last_order_0c80e94b" on "rapport"."contact" ("tenant_id", "last_order_at" desc nulls last, "id" desc) where "deleted_at" is null;

create index if not exists "ix_contact_stage_882e7ba2" on "rapport"."contact" ("tenant_id", "lifecycle_stage" asc, "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_contact_owner_d1463898" on "rapport"."contact" ("tenant_id", "owner_id" asc, "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_contact_clv_48039d2a" on "rapport"."contact" ("tenant_id", "scores__clv__amount_minor" desc nulls last, "id" desc) where "deleted_at" is null;

create index if not exists "ix_contact_alive_f9a8d6b3" on "rapport"."contact" ("tenant_id", "scores__clv__probability_alive" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_contact_segment_f2111ebe" on "rapport"."contact" ("tenant_id", "scores__rfm__segment" asc, "scores__clv__amount_minor" desc nulls last, "id" desc) where "deleted_at" is null;

create index if not exists "ix_contact_tags_f16acd39" on "rapport"."contact" using gin ("tags");

create index if not exists "ix_contact_custom_fields_2c1366b4" on "rapport"."contact" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."contact_point" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "updated_at" timestamp(3) with time zone not null,
  "kind" text collate "C" not null,
  "value" text collate "C" not null,
  "contact_id" text collate "C",
  "company_id" text collate "C",
  "primary" boolean not null,
  "opt_out" boolean not null,
  "invalid" boolean not null,
  "verified_at" timestamp(3) with time zone,
  "identifying" boolean not null,
  "unique_key" text collate "C",
  constraint "pk_contact_point" primary key ("tenant_id", "id")
);

create index if not exists "ix_contact_point_value_d60f53e9" on "rapport"."contact_point" ("tenant_id", "kind" asc, "value" asc, "id" asc);

create index if not exists "ix_contact_point_contact_5472f389" on "rapport"."contact_point" ("tenant_id", "contact_id" asc, "id" asc);

create unique index if not exists "ix_contact_point_natural_key_1ce739f6" on "rapport"."contact_point" ("tenant_id", "unique_key" asc) where "unique_key" is not null;

create table if not exists "rapport"."external_ref" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "updated_at" timestamp(3) with time zone not null,
  "system" text collate "C" not null,
  "object_type" text collate "C" not null,
  "external_id" text collate "C" not null,
  "record_id" text collate "C" not null,
  constraint "pk_external_ref" primary key ("tenant_id", "id")
);

create index if not exists "ix_external_ref_record_a1aa1693" on "rapport"."external_ref" ("tenant_id", "object_type" asc, "record_id" asc, "id" asc);

create table if not exists "rapport"."company" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "name" text collate "C" not null,
  "name_folded" text collate "C",
  "legal_name" text collate "C",
  "domains" text[] collate "C" not null,
  "industry" text collate "C",
  "employee_count" bigint,
  "annual_revenue__amount_minor" bigint,
  "annual_revenue__currency" text collate "C",
  "phones" jsonb not null,
  "addresses" jsonb not null,
  "tax_id" text collate "C",
  "parent_company_id" text collate "C",
  "type" text collate "C" not null,
  "lifecycle_stage" text collate "C" not null,
  "description" text collate "C",
  "external_refs" jsonb not null,
  constraint "pk_company" primary key ("tenant_id", "id")
);

create index if not exists "ix_company_created_f93657e6" on "rapport"."company" ("tenant_id", "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_company_name_216cf143" on "rapport"."company" ("tenant_id", "name" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_company_owner_d1463898" on "rapport"."company" ("tenant_id", "owner_id" asc, "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_company_parent_2bfd4580" on "rapport"."company" ("tenant_id", "parent_company_id" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_company_domains_ee686563" on "rapport"."company" using gin ("domains");

create index if not exists "ix_company_tags_f16acd39" on "rapport"."company" using gin ("tags");

create index if not exists "ix_company_custom_fields_2c1366b4" on "rapport"."company" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."association" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "from_type" text collate "C" not null,
  "from_id" text collate "C" not null,
  "to_type" text collate "C" not null,
  "to_id" text collate "C" not null,
  "type_key" text collate "C" not null,
  "category" text collate "C" not null,
  "label" text collate "C",
  "inverse_label" text collate "C",
  "is_primary" boolean not null,
  "role" text collate "C",
  "from" text collate "C",
  "to" text collate "C",
  "unique_key" text collate "C",
  constraint "pk_association" primary key ("tenant_id", "id")
);

create index if not exists "ix_association_from_79b37d19" on "rapport"."association" ("tenant_id", "from_type" asc, "from_id" asc, "type_key" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_association_to_97e2608f" on "rapport"."association" ("tenant_id", "to_type" asc, "to_id" asc, "type_key" asc, "id" asc) where "deleted_at" is null;

create unique index if not exists "ix_association_natural_key_1ce739f6" on "rapport"."association" ("tenant_id", "unique_key" asc) where "unique_key" is not null;

create index if not exists "ix_association_custom_fields_2c1366b4" on "rapport"."association" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."consent" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "contact_id" text collate "C" not null,
  "purpose" text collate "C" not null,
  "channel" text collate "C" not null,
  "status" text collate "C" not null,
  "legal_basis" text collate "C" not null,
  "captured_at" timestamp(3) with time zone not null,
  "source" text collate "C" not null,
  "double_opt_in_at" timestamp(3) with time zone,
  "valid_from" timestamp(3) with time zone,
  "valid_to" timestamp(3) with time zone,
  "policy_version" text collate "C",
  constraint "pk_consent" primary key ("tenant_id", "id")
);

create index if not exists "ix_consent_contact_2a6ec7a5" on "rapport"."consent" ("tenant_id", "contact_id" asc, "captured_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_consent_custom_fields_2c1366b4" on "rapport"."consent" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."order" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "contact_id" text collate "C" not null,
  "company_id" text collate "C",
  "placed_at" timestamp(3) with time zone not null,
  "status" text collate "C" not null,
  "total__amount_minor" bigint not null,
  "total__currency" text collate "C" not null,
  "refunded__amount_minor" bigint,
  "refunded__currency" text collate "C",
  "items" jsonb not null,
  "external_refs" jsonb not null,
  constraint "pk_order" primary key ("tenant_id", "id")
);

create index if not exists "ix_order_placed_36fac0d5" on "rapport"."order" ("tenant_id", "placed_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_order_contact_1156c036" on "rapport"."order" ("tenant_id", "contact_id" asc, "placed_at" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_order_contact_newest_ea85b772" on "rapport"."order" ("tenant_id", "contact_id" asc, "placed_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_order_custom_fields_2c1366b4" on "rapport"."order" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."activity" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "type" text collate "C" not null,
  "direction" text collate "C",
  "subject" text collate "C",
  "body" text collate "C",
  "status" text collate "C" not null,
  "priority" text collate "C",
  "occurred_at" timestamp(3) with time zone not null,
  "due_at" timestamp(3) with time zone,
  "duration_ms" bigint,
  "outcome" text collate "C",
  "links" jsonb not null,
  "visibility" text collate "C" not null,
  constraint "pk_activity" primary key ("tenant_id", "id")
);

create index if not exists "ix_activity_occurred_d10eb543" on "rapport"."activity" ("tenant_id", "occurred_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_activity_due_bf461f8b" on "rapport"."activity" ("tenant_id", "status" asc, "due_at" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_activity_owner_e65dcd25" on "rapport"."activity" ("tenant_id", "owner_id" asc, "status" asc, "due_at" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_activity_custom_fields_2c1366b4" on "rapport"."activity" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."timeline_entry" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "updated_at" timestamp(3) with time zone not null,
  "subject_type" text collate "C" not null,
  "subject_id" text collate "C" not null,
  "at" timestamp(3) with time zone not null,
  "record_type" text collate "C" not null,
  "record_id" text collate "C" not null,
  "title" text collate "C" not null,
  "visibility" text collate "C" not null,
  constraint "pk_timeline_entry" primary key ("tenant_id", "id")
);

create index if not exists "ix_timeline_entry_subject_764fd0cd" on "rapport"."timeline_entry" ("tenant_id", "subject_type" asc, "subject_id" asc, "at" desc, "id" desc);

create table if not exists "rapport"."ticket" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "number" bigint not null,
  "subject" text collate "C" not null,
  "description" text collate "C",
  "status" text collate "C" not null,
  "category" text collate "C" not null,
  "priority" text collate "C" not null,
  "type" text collate "C" not null,
  "channel" text collate "C" not null,
  "contact_id" text collate "C" not null,
  "company_id" text collate "C",
  "assignee_id" text collate "C",
  "conversation_id" text collate "C" not null,
  "first_responded_at" timestamp(3) with time zone,
  "last_customer_message_at" timestamp(3) with time zone,
  "last_agent_message_at" timestamp(3) with time zone,
  "waiting_since" timestamp(3) with time zone,
  "snoozed_until" timestamp(3) with time zone,
  "resolved_at" timestamp(3) with time zone,
  "closed_at" timestamp(3) with time zone,
  "reopen_count" bigint not null,
  "unique_key" text collate "C",
  constraint "pk_ticket" primary key ("tenant_id", "id")
);

create index if not exists "ix_ticket_created_f93657e6" on "rapport"."ticket" ("tenant_id", "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_ticket_contact_8ca85c33" on "rapport"."ticket" ("tenant_id", "contact_id" asc, "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_ticket_category_a2d8a0f1" on "rapport"."ticket" ("tenant_id", "category" asc, "waiting_since" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_ticket_assignee_f99b7ed9" on "rapport"."ticket" ("tenant_id", "assignee_id" asc, "category" asc, "waiting_since" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_ticket_snoozed_5ab2542c" on "rapport"."ticket" ("tenant_id", "category" asc, "snoozed_until" asc, "id" asc) where "deleted_at" is null;

create unique index if not exists "ix_ticket_natural_key_1ce739f6" on "rapport"."ticket" ("tenant_id", "unique_key" asc) where "unique_key" is not null;

create index if not exists "ix_ticket_custom_fields_2c1366b4" on "rapport"."ticket" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."conversation" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "ticket_id" text collate "C" not null,
  "contact_id" text collate "C" not null,
  "channel" text collate "C" not null,
  "last_message_at" timestamp(3) with time zone,
  constraint "pk_conversation" primary key ("tenant_id", "id")
);

create index if not exists "ix_conversation_contact_8ca85c33" on "rapport"."conversation" ("tenant_id", "contact_id" asc, "created_at" desc, "id" desc) where "deleted_at" is null;

create index if not exists "ix_conversation_custom_fields_2c1366b4" on "rapport"."conversation" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."message" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamp(3) with time zone not null,
  "updated_at" timestamp(3) with time zone not null,
  "deleted_at" timestamp(3) with time zone,
  "created_by" jsonb not null,
  "updated_by" jsonb not null,
  "owner_id" text collate "C",
  "team_ids" text[] collate "C",
  "tags" text[] collate "C",
  "custom" jsonb,
  "journal_hash" text collate "C",
  "conversation_id" text collate "C" not null,
  "ticket_id" text collate "C" not null,
  "contact_id" text collate "C" not null,
  "author" jsonb not null,
  "direction" text collate "C" not null,
  "visibility" text collate "C" not null,
  "body" text collate "C" not null,
  "at" timestamp(3) with time zone not null,
  constraint "pk_message" primary key ("tenant_id", "id")
);

create index if not exists "ix_message_ticket_a210c1b6" on "rapport"."message" ("tenant_id", "ticket_id" asc, "at" asc, "id" asc) where "deleted_at" is null;

create index if not exists "ix_message_custom_fields_2c1366b4" on "rapport"."message" using gin ("custom" jsonb_path_ops);

create table if not exists "rapport"."score" (
  "tenant_id" text collate "C" not null,
  "id" text collate "C" not null,
  "version" bigint not null,
  "updated_at" timestamp(3) with time zone not null,
  "subject_type" text collate "C" not null,
  "subject_id" text collate "C" not null,
  "model" text collate "C" not null,
  "model_version" text collate "C" not null,
  "value" double precision not null,
  "label" text collate "C",
  "reasons" jsonb not null,
  "parameters" jsonb not null,
  "as_of" timestamp(3) with time zone not null,
  "computed_at" timestamp(3) with time zone not null,
  "run_id" text collate "C" not null,
  constraint "pk_score" primary key ("tenant_id", "id")
);

create index if not exists "ix_score_subject_8dbc3db1" on "rapport"."score" ("tenant_id", "subject_type" asc, "subject_id" asc, "model" asc, "id" asc);

create index if not exists "ix_score_value_7172fb12" on "rapport"."score" ("tenant_id", "model" asc, "value" desc, "id" desc);
