-- What was traded, told, locked and decided is never rewritten.
CREATE TRIGGER "executions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "executions"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "platform_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "platform_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "lockouts_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "lockouts"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
