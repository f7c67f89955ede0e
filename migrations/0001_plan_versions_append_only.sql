-- A plan that could be rewritten afterwards proves nothing.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "plan_versions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "plan_versions"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
