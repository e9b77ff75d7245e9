-- A database as commit 12a215b left it, the first that was complete: made-up people in mid-flow.


-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: procrastinate_job_event_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);


--
-- Name: procrastinate_job_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);


--
-- Name: procrastinate_job_to_defer_v1; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);


--
-- Name: audit_entries_stay(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.audit_entries_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'audit entries are only ever added, never changed or removed'
    using errcode = 'integrity_constraint_violation';
end
$$;


--
-- Name: procrastinate_cancel_job_v1(bigint, boolean, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_defer_jobs_v1(public.procrastinate_job_to_defer_v1[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;


--
-- Name: procrastinate_defer_periodic_job_v2(character varying, character varying, character varying, character varying, integer, character varying, bigint, jsonb); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: procrastinate_jobs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);


--
-- Name: procrastinate_fetch_job_v2(character varying[], bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;


--
-- Name: procrastinate_finish_job_v1(bigint, public.procrastinate_job_status, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_notify_queue_abort_job_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_notify_queue_job_inserted_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_prune_stalled_workers_v1(double precision); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_register_worker_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_retry_job_v1(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_retry_job_v2(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;


--
-- Name: procrastinate_trigger_abort_requested_events_procedure_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_scheduled_events_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_insert_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_update_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_unlink_periodic_defers_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;


--
-- Name: procrastinate_unregister_worker_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;


--
-- Name: procrastinate_update_heartbeat_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;


--
-- Name: action_steps; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.action_steps (
    action text NOT NULL,
    n integer NOT NULL,
    state text NOT NULL,
    at timestamp with time zone NOT NULL,
    because text NOT NULL
);


--
-- Name: actions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.actions (
    id text NOT NULL,
    kind text NOT NULL,
    customer text NOT NULL,
    target text NOT NULL,
    amount bigint,
    currency text,
    reason text NOT NULL,
    params jsonb NOT NULL,
    requested_by jsonb NOT NULL,
    state text NOT NULL,
    decision jsonb NOT NULL,
    business_key text NOT NULL,
    contact text,
    "case" text,
    created_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    looks integer DEFAULT 0 NOT NULL,
    settled_at timestamp with time zone,
    result jsonb NOT NULL,
    error jsonb,
    CONSTRAINT actions_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'denied'::text, 'awaiting_approval'::text, 'approved'::text, 'submitting'::text, 'succeeded'::text, 'failed'::text, 'unknown'::text])))
);


--
-- Name: api_tokens; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_tokens (
    id text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    secret_hash bytea NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT api_tokens_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'lead'::text, 'agent'::text, 'csm'::text, 'finance'::text, 'viewer'::text, 'service'::text])))
);


--
-- Name: audit_entries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_entries (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    actor_role text NOT NULL,
    verb text NOT NULL,
    subject text NOT NULL,
    customer text,
    because text NOT NULL,
    before jsonb,
    after jsonb
);


--
-- Name: audit_entries_seq_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.audit_entries ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_entries_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: cases; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cases (
    id text NOT NULL,
    number bigint NOT NULL,
    customer text NOT NULL,
    contact text,
    subject text NOT NULL,
    about text NOT NULL,
    reuse_key text NOT NULL,
    text text NOT NULL,
    status text NOT NULL,
    severity text NOT NULL,
    level text NOT NULL,
    because text NOT NULL,
    context jsonb NOT NULL,
    promised_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    solved_at timestamp with time zone,
    CONSTRAINT cases_level_check CHECK ((level = ANY (ARRAY['support'::text, 'engineering'::text, 'product'::text, 'legal'::text]))),
    CONSTRAINT cases_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text]))),
    CONSTRAINT cases_status_check CHECK ((status = ANY (ARRAY['new'::text, 'open'::text, 'pending'::text, 'on_hold'::text, 'solved'::text, 'closed'::text])))
);


--
-- Name: cases_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.cases ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.cases_number_seq
    START WITH 1001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: contacts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contacts (
    id text NOT NULL,
    customer text NOT NULL,
    channel text NOT NULL,
    direction text NOT NULL,
    subject text NOT NULL,
    tiers text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    heard_at timestamp with time zone,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT contacts_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'web'::text, 'api'::text, 'phone'::text, 'slack'::text]))),
    CONSTRAINT contacts_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
    CONSTRAINT contacts_tiers_check CHECK ((tiers <@ ARRAY['prevent'::text, 'selfheal'::text, 'agent'::text, 'human'::text]))
);


--
-- Name: customers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers (
    id text NOT NULL,
    stripe_customer text,
    name text NOT NULL,
    email text,
    country text,
    locale text,
    time_zone text,
    plan text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT customers_plan_check CHECK ((plan = ANY (ARRAY['free'::text, 'starter'::text, 'professional'::text, 'enterprise'::text])))
);


--
-- Name: deliveries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.deliveries (
    event bigint NOT NULL,
    listener text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    dead boolean DEFAULT false NOT NULL,
    error text
);


--
-- Name: events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.events (
    seq bigint NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    customer text,
    data jsonb NOT NULL,
    at timestamp with time zone NOT NULL
);


--
-- Name: events_seq_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.events ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.events_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: fix_runs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.fix_runs (
    id text NOT NULL,
    customer text NOT NULL,
    fix text NOT NULL,
    target text NOT NULL,
    state text NOT NULL,
    actor jsonb NOT NULL,
    contact text NOT NULL,
    invoice text,
    field text,
    owner text,
    session text,
    action text,
    problem text,
    opened_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT fix_runs_state_check CHECK ((state = ANY (ARRAY['starting'::text, 'away'::text, 'saving'::text, 'paying'::text, 'done'::text, 'failed'::text])))
);


--
-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    result jsonb,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: letter_choices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.letter_choices (
    customer text NOT NULL,
    topic text NOT NULL,
    secret text NOT NULL,
    unsubscribed_at timestamp with time zone
);


--
-- Name: letter_rules; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.letter_rules (
    one boolean DEFAULT true NOT NULL,
    most integer NOT NULL,
    within_days integer NOT NULL,
    quiet_from time without time zone NOT NULL,
    quiet_until time without time zone NOT NULL,
    quiet_weekends boolean NOT NULL,
    CONSTRAINT letter_rules_most_check CHECK ((most > 0)),
    CONSTRAINT letter_rules_one_check CHECK (one),
    CONSTRAINT letter_rules_within_days_check CHECK ((within_days > 0))
);


--
-- Name: letters_written; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.letters_written (
    message text NOT NULL,
    customer text NOT NULL,
    at timestamp with time zone NOT NULL
);


--
-- Name: messages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.messages (
    id text NOT NULL,
    contact text,
    case_id text,
    customer text NOT NULL,
    direction text NOT NULL,
    author_kind text NOT NULL,
    author_id text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT messages_check CHECK (((contact IS NOT NULL) OR (case_id IS NOT NULL))),
    CONSTRAINT messages_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text, 'note'::text])))
);


--
-- Name: mirror_contact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mirror_contact (
    one boolean DEFAULT true NOT NULL,
    answered_at timestamp with time zone,
    failed_at timestamp with time zone,
    problem text,
    event_created timestamp with time zone,
    event_taken_at timestamp with time zone,
    CONSTRAINT mirror_contact_one_check CHECK (one)
);


--
-- Name: mirror_objects; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mirror_objects (
    id text NOT NULL,
    kind text NOT NULL,
    customer text,
    parent text,
    status text,
    created timestamp with time zone,
    as_of timestamp with time zone NOT NULL,
    as_of_until timestamp with time zone NOT NULL,
    deleted boolean NOT NULL,
    version bigint NOT NULL,
    data jsonb NOT NULL
);


--
-- Name: mirror_sync; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mirror_sync (
    kind text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    cursor text,
    cursor_created timestamp with time zone,
    newest timestamp with time zone,
    oldest timestamp with time zone,
    done bigint NOT NULL,
    skipped text,
    finished_at timestamp with time zone
);


--
-- Name: notices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notices (
    id text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    mark text NOT NULL,
    customer text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    until timestamp with time zone NOT NULL,
    data jsonb NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    at timestamp with time zone,
    CONSTRAINT notices_kind_check CHECK ((kind = ANY (ARRAY['card_expiring'::text, 'trial_ending'::text, 'bill_unusual'::text]))),
    CONSTRAINT notices_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'skipped'::text])))
);


--
-- Name: outbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox (
    message text NOT NULL,
    recipient text NOT NULL,
    headers jsonb NOT NULL,
    message_id text,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    state_changed_at timestamp with time zone NOT NULL,
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text])))
);


--
-- Name: outcomes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outcomes (
    contact text NOT NULL,
    customer text NOT NULL,
    tier text NOT NULL,
    confirmed boolean NOT NULL,
    tiers text[] NOT NULL,
    costs bigint[] NOT NULL,
    cost bigint NOT NULL,
    currency text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT outcomes_check CHECK ((cardinality(tiers) = cardinality(costs))),
    CONSTRAINT outcomes_check1 CHECK ((tier = ANY (tiers))),
    CONSTRAINT outcomes_tier_check CHECK ((tier = ANY (ARRAY['prevent'::text, 'selfheal'::text, 'agent'::text, 'human'::text])))
);


--
-- Name: procrastinate_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;


--
-- Name: procrastinate_periodic_defers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;


--
-- Name: procrastinate_workers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: recovery_plans; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.recovery_plans (
    invoice text NOT NULL,
    customer text NOT NULL,
    subscription text,
    decline_class text NOT NULL,
    held_out boolean NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    ended_because text,
    content text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    stripe_stopped_at timestamp with time zone,
    ended_at timestamp with time zone,
    paid_at timestamp with time zone,
    CONSTRAINT recovery_plans_check CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
    CONSTRAINT recovery_plans_check1 CHECK (((state = 'ended'::text) = (ended_because IS NOT NULL))),
    CONSTRAINT recovery_plans_state_check CHECK ((state = ANY (ARRAY['running'::text, 'ended'::text])))
);


--
-- Name: recovery_steps; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.recovery_steps (
    id bigint NOT NULL,
    invoice text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    at timestamp with time zone,
    reason text NOT NULL,
    ref text,
    CONSTRAINT recovery_steps_check CHECK (((state = 'next'::text) = (at IS NULL))),
    CONSTRAINT recovery_steps_kind_check CHECK ((kind = ANY (ARRAY['letter'::text, 'our_try'::text, 'stripe_try'::text, 'cutoff'::text, 'person'::text]))),
    CONSTRAINT recovery_steps_state_check CHECK ((state = ANY (ARRAY['next'::text, 'done'::text, 'skipped'::text])))
);


--
-- Name: recovery_steps_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.recovery_steps ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.recovery_steps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: session_urls; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session_urls (
    action text NOT NULL,
    url text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    secret_hash bytea NOT NULL,
    kind text NOT NULL,
    customer text,
    person text NOT NULL,
    role text NOT NULL,
    purpose text NOT NULL,
    subject text NOT NULL,
    verified boolean NOT NULL,
    csrf text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sessions_check CHECK (((kind = 'customer'::text) = (customer IS NOT NULL))),
    CONSTRAINT sessions_kind_check CHECK ((kind = ANY (ARRAY['customer'::text, 'staff'::text])))
);


--
-- Name: signing_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signing_keys (
    id text NOT NULL,
    secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone
);


--
-- Name: stripe_inbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stripe_inbox (
    event_id text NOT NULL,
    type text NOT NULL,
    kind text,
    object_id text,
    created timestamp with time zone,
    api_version text,
    payload bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone NOT NULL,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    error text,
    CONSTRAINT stripe_inbox_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'aside'::text])))
);


--
-- Name: tier_costs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tier_costs (
    tier text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    CONSTRAINT tier_costs_amount_check CHECK ((amount >= 0)),
    CONSTRAINT tier_costs_tier_check CHECK ((tier = ANY (ARRAY['prevent'::text, 'selfheal'::text, 'agent'::text, 'human'::text])))
);


--
-- Name: timers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.timers (
    name text NOT NULL,
    subject text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    data jsonb NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    dead boolean DEFAULT false NOT NULL,
    error text
);


--
-- Name: procrastinate_events id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);


--
-- Name: procrastinate_jobs id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);


--
-- Name: procrastinate_periodic_defers id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);


--
-- Data for Name: action_steps; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.action_steps VALUES
	('act_01m7y1v56szn10t16yhyr125fy', 0, 'requested', '2026-12-22 05:19:19.294045+00', 'asked'),
	('act_01m7y1v56szn10t16yhyr125fy', 1, 'approved', '2026-12-22 05:19:19.294045+00', 'policy.allow'),
	('act_01m7y1v56szn10t16yhyr125fy', 2, 'submitting', '2026-12-22 05:19:19.574897+00', 'worker.sends'),
	('act_01m7y1v56szn10t16yhyr125fy', 3, 'succeeded', '2026-12-22 05:19:19.815477+00', 'stripe.answered');


--
-- Data for Name: actions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.actions VALUES
	('act_01m7y1v56szn10t16yhyr125fy', 'retry_payment', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'in_1gDv8uJ9hytn47E04WrJKUIN', 250000, 'usd', 'fix', '{"payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0"}', '{"id": "cust_01m7y1v3xv5c7yycnx1zj8kv7j", "kind": "customer", "role": "billing", "verified": true}', 'succeeded', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "content": "", "verdict": "allow", "explanation": "This can be done right away.", "explanation_for_staff": "Every rule is kept: kind.possible, who.may_pay, who.mail_link, payment.invoice_open, payment.amount, payment.currency, payment.disputed, payment.method_known, payment.needs_customer, payment.closed_by_bank, payment.tries, payment.in_turn, automatic.running."}', 'retry:in_1gDv8uJ9hytn47E04WrJKUIN:2', NULL, NULL, '2026-12-22 05:19:19.294045+00', '2026-12-22 05:19:19.574897+00', 1, 0, '2026-12-22 05:19:19.815477+00', '{"status": "paid", "invoice": "in_1gDv8uJ9hytn47E04WrJKUIN", "amount_paid": 250000, "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0"}', NULL);


--
-- Data for Name: api_tokens; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: audit_entries; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_entries OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-12-22 05:19:19.294045+00', 'customer', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'billing', 'action.requested', 'act_01m7y1v56szn10t16yhyr125fy', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'retry_payment', NULL, '{"kind": "retry_payment", "amount": 250000, "target": "in_1gDv8uJ9hytn47E04WrJKUIN", "asked_by": "customer:cust_01m7y1v3xv5c7yycnx1zj8kv7j", "currency": "usd"}'),
	(2, '2026-12-22 05:19:19.294045+00', 'customer', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'billing', 'action.approved', 'act_01m7y1v56szn10t16yhyr125fy', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'policy.allow', '{"state": "requested"}', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "state": "approved", "attempts": 0}'),
	(3, '2026-12-22 05:19:19.574897+00', 'system', 'worker', '', 'action.submitting', 'act_01m7y1v56szn10t16yhyr125fy', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'worker.sends', '{"state": "approved"}', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "state": "submitting", "attempts": 1}'),
	(4, '2026-12-22 05:19:19.815477+00', 'system', 'worker', '', 'action.succeeded', 'act_01m7y1v56szn10t16yhyr125fy', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'stripe.answered', '{"state": "submitting"}', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "state": "succeeded", "status": "paid", "invoice": "in_1gDv8uJ9hytn47E04WrJKUIN", "attempts": 1, "amount_paid": 250000, "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0"}'),
	(5, '2026-12-22 05:19:22.020343+00', 'customer', 'cust_01m7y1v7b656zxhvzvq14e1302', 'billing', 'case.opened', 'case_01m7y1v7pb1z2z8hkkk41mb8xn', 'cust_01m7y1v7b656zxhvzvq14e1302', 'asked', NULL, '{"about": "cus_UBBPdjG4zr7JiR", "number": 1001, "severity": "medium"}'),
	(6, '2027-01-22 07:19:28.247477+00', 'staff', 'admin', 'admin', 'case.set', 'case_01m7y1v7pb1z2z8hkkk41mb8xn', 'cust_01m7y1v7b656zxhvzvq14e1302', 'answered', '{"level": "support", "status": "new", "severity": "medium"}', '{"level": "support", "status": "pending", "severity": "medium"}');


--
-- Data for Name: cases; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cases OVERRIDING SYSTEM VALUE VALUES
	('case_01m7y1v7pb1z2z8hkkk41mb8xn', 1001, 'cust_01m7y1v7b656zxhvzvq14e1302', 'cnt_01m7y1v7nwdp5t6xptyw879vjn', 'Your plan has not started yet', 'cus_UBBPdjG4zr7JiR', 'cus_UBBPdjG4zr7JiR', 'Asked for a person, and added nothing. What the page showed is below.', 'pending', 'medium', 'support', 'asked', '{"tried": [], "actions": [], "diagnosis": {"as_of": "2026-12-22T05:19:21+00:00", "status": "red", "sources": [{"name": "stripe", "as_of": "2026-12-22T05:19:21+00:00", "state": "mirror"}], "customer": "cus_UBBPdjG4zr7JiR", "findings": [{"fix": "update_card", "title": "Your plan has not started yet", "status": "red", "evidence": {"invoice": null, "charged_by": "subscription.default_payment_method", "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj", "subscription_status": "incomplete"}, "root_cause": "subscription_incomplete", "explanation": "The first payment for your plan is not finished. Your plan starts as soon as this is paid, until Wednesday 23 December, 4:19. Choose a card and pay, and your plan starts.", "other_fixes": ["talk_to_human"]}], "root_cause": "subscription_incomplete", "explanation": "The first payment for your plan is not finished. Your plan starts as soon as this is paid, until Wednesday 23 December, 4:19. Choose a card and pay, and your plan starts.", "recommended_action": "update_card", "self_serve_eligible": true}}', '2026-12-23 09:00:00+00', '2026-12-22 05:19:22.020343+00', '2027-01-22 07:19:28.247477+00', NULL);


--
-- Data for Name: contacts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.contacts VALUES
	('cnt_01m7y1v4bd5036mfvybrpr6v3t', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'mail', 'outbound', 'in_1gDv8uJ9hytn47E04WrJKUIN', '{prevent,selfheal}', '2026-12-22 05:19:18.504617+00', '2026-12-22 05:19:19.294045+00', NULL, '2026-12-22 05:19:21.233501+00'),
	('cnt_01m7y1v9p2kzm6bga1bgf42v3p', 'cust_01m7y1v877j8y25k7zzzh6qw47', 'mail', 'outbound', 'in_1zGtxJev3prgkywvFia33N1h', '{prevent}', '2027-01-22 07:19:23.983955+00', NULL, NULL, NULL),
	('cnt_01m7y1v7nwdp5t6xptyw879vjn', 'cust_01m7y1v7b656zxhvzvq14e1302', 'web', 'inbound', 'cus_UBBPdjG4zr7JiR', '{human}', '2026-12-22 05:19:22.020343+00', '2026-12-22 05:19:22.020343+00', '2027-01-22 07:19:28.247477+00', NULL);


--
-- Data for Name: customers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.customers VALUES
	('cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'cus_yutF8LXppwT9we', 'Northbeck 4bed51', 'pay@northbeck-4bed51.example', NULL, NULL, NULL, NULL, '2026-12-22 05:19:18.193014+00'),
	('cust_01m7y1v7b656zxhvzvq14e1302', 'cus_UBBPdjG4zr7JiR', 'Northbeck 4d038a', 'pay@northbeck-4d038a.example', NULL, NULL, NULL, NULL, '2026-12-22 05:19:21.639846+00'),
	('cust_01m7y1v877j8y25k7zzzh6qw47', 'cus_lV7xGL07F9sWQX', 'Northbeck 52de05', 'pay@northbeck-52de05.example', NULL, NULL, NULL, NULL, '2026-12-22 05:19:22.577206+00');


--
-- Data for Name: deliveries; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.deliveries VALUES
	(101, 'desk.write', '2026-11-21 03:19:28.316953+00', 0, false, NULL);


--
-- Data for Name: events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(1, 'stripe.customer.created', 'cus_yutF8LXppwT9we', NULL, '{"kind": "customer", "event": "evt_1AKQKApseKMQ2Ja5fJinperc", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(2, 'stripe.charge.succeeded', 'ch_3NFbNVPNhMVbN0E6BgUW8dYu', NULL, '{"kind": "charge", "event": "evt_19daqRTFCMBhfar4qcXZGT8P", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(3, 'stripe.customer.subscription.updated', 'sub_1eyOgGXYsN91k38xeOynNc0R', NULL, '{"kind": "subscription", "event": "evt_1cjCpzVAQG8PQq7L2UPLyDhy", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(4, 'stripe.customer.subscription.created', 'sub_1eyOgGXYsN91k38xeOynNc0R', NULL, '{"kind": "subscription", "event": "evt_1jxtTIbVAHeRP7PB2macj935", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(5, 'stripe.invoice.upcoming', 'upcoming_in_1qYKHkHhChrFFwYyH3UgSAzT', NULL, '{"kind": "invoice", "event": "evt_1YWPJPG6tkGzKsc4F7qxBNDl", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(6, 'stripe.customer.subscription.updated', 'sub_1eyOgGXYsN91k38xeOynNc0R', NULL, '{"kind": "subscription", "event": "evt_1erRwRyGSr33nr7BdKA9cV3n", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(7, 'stripe.payment_intent.created', 'pi_3SammlX1vF3gAG8KnKGmEloX', NULL, '{"kind": "payment_intent", "event": "evt_19t6YocklEMJdGG2vEweZyYP", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(8, 'stripe.charge.failed', 'ch_3arsWTAFMk4wmsOLMnKaPABp', NULL, '{"kind": "charge", "event": "evt_1LrlUxOZtZS5cD3Mj53xPsjP", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(9, 'stripe.customer.updated', 'cus_yutF8LXppwT9we', NULL, '{"kind": "customer", "event": "evt_1gxpMJY1ePwSalR0zJ2ABg8o", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(10, 'stripe.customer.subscription.updated', 'sub_1eyOgGXYsN91k38xeOynNc0R', NULL, '{"kind": "subscription", "event": "evt_1is9caAV4luAKlpzVVdEDHqU", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(11, 'stripe.payment_intent.payment_failed', 'pi_3SammlX1vF3gAG8KnKGmEloX', NULL, '{"kind": "payment_intent", "event": "evt_1rxb3LLQOkqKMTjqneDWsuqw", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(12, 'stripe.payment_intent.payment_failed', 'pi_3SammlX1vF3gAG8KnKGmEloX', NULL, '{"kind": "payment_intent", "event": "evt_1LPhZ1Nx17g9DW1kT8jv7LgJ", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(13, 'stripe.charge.failed', 'ch_3zJkBFy5fKIdkEJJhLarE6OI', NULL, '{"kind": "charge", "event": "evt_1j4sdotJKSbH1DraSRzY182b", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.096444+00'),
	(14, 'stripe.invoice.updated', 'in_1D0jMJKJz9sp0fVqqmGeOQEv', NULL, '{"kind": "invoice", "event": "evt_10HAY8h24F6PWExHGa4Wr10u", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(15, 'stripe.payment_method.updated', 'pm_1N2BFNrStZWzP3nfyT5VWkc0', NULL, '{"kind": "payment_method", "event": "evt_1FeE1gTeuBKMHshaRG1bT4in", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(16, 'stripe.invoice.created', 'in_1D0jMJKJz9sp0fVqqmGeOQEv', NULL, '{"kind": "invoice", "event": "evt_1QXhA5IOgedEa5zJfGfzPWzm", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(17, 'stripe.payment_intent.succeeded', 'pi_3zAhb4ACaelP2I54qp9x7McP', NULL, '{"kind": "payment_intent", "event": "evt_1WDwLuscfDNGGBFgZrLS4LHl", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(18, 'stripe.invoice.paid', 'in_1D0jMJKJz9sp0fVqqmGeOQEv', NULL, '{"kind": "invoice", "event": "evt_1ZxFEwtmNB1YkfUceeiNldGW", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(19, 'stripe.payment_method.attached', 'pm_1N2BFNrStZWzP3nfyT5VWkc0', NULL, '{"kind": "payment_method", "event": "evt_1ir4VjLzzyIrqhuWNIl09jTu", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(20, 'stripe.invoice.finalized', 'in_1D0jMJKJz9sp0fVqqmGeOQEv', NULL, '{"kind": "invoice", "event": "evt_1kZN1OYgUvnDpbcTyFe9lbyb", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(21, 'stripe.invoice.payment_succeeded', 'in_1D0jMJKJz9sp0fVqqmGeOQEv', NULL, '{"kind": "invoice", "event": "evt_1uLQTIhwv2bAec13GDpRQbAk", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(22, 'stripe.payment_intent.created', 'pi_3zAhb4ACaelP2I54qp9x7McP', NULL, '{"kind": "payment_intent", "event": "evt_1wQxaTUs2GnqlBTnDqeGgP8U", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(23, 'stripe.invoice.created', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1rcX9CUWEUzIxQxoK66xgP3U", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(24, 'stripe.invoice.finalized', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1ExIhotHtZC5QKwoFk6Kyqcb", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(25, 'stripe.invoice.updated', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1TOYbp56J6rZrarnZKZDVWWU", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(26, 'stripe.invoice.payment_failed', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1k6ts3FkcgUyaCUwNStdhqDY", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(27, 'stripe.invoice.payment_failed', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_15HSJIDnWORYb2kjB9OpfDe3", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(28, 'stripe.invoice.updated', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1Z9e8qNmXigjGWAiSZdNtgKo", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:18.448773+00'),
	(29, 'mail.sent', 'msg_01m7y1v4c1842q4c4099vaytrp', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', '{"contact": "cnt_01m7y1v4bd5036mfvybrpr6v3t"}', '2026-12-22 05:19:18.887891+00'),
	(30, 'stripe.payment_method.updated', 'pm_1N2BFNrStZWzP3nfyT5VWkc0', NULL, '{"kind": "payment_method", "event": "evt_1pMWhWMhMTzdjwb8vhAVA5xZ", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:19.153566+00'),
	(31, 'action.approved', 'act_01m7y1v56szn10t16yhyr125fy', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', '{"kind": "retry_payment", "target": "in_1gDv8uJ9hytn47E04WrJKUIN"}', '2026-12-22 05:19:19.294045+00'),
	(32, 'action.submitting', 'act_01m7y1v56szn10t16yhyr125fy', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', '{"kind": "retry_payment", "target": "in_1gDv8uJ9hytn47E04WrJKUIN"}', '2026-12-22 05:19:19.574897+00'),
	(33, 'action.succeeded', 'act_01m7y1v56szn10t16yhyr125fy', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', '{"kind": "retry_payment", "target": "in_1gDv8uJ9hytn47E04WrJKUIN"}', '2026-12-22 05:19:19.815477+00'),
	(34, 'stripe.customer.updated', 'cus_yutF8LXppwT9we', NULL, '{"kind": "customer", "event": "evt_1SgGa1syI3zxpNIXvPdslTKc", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:20.192363+00'),
	(35, 'stripe.payment_intent.succeeded', 'pi_3SammlX1vF3gAG8KnKGmEloX', NULL, '{"kind": "payment_intent", "event": "evt_1hdj0UtwKKGVBXAy0lBTY2Ki", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:20.192363+00'),
	(36, 'stripe.customer.subscription.updated', 'sub_1eyOgGXYsN91k38xeOynNc0R', NULL, '{"kind": "subscription", "event": "evt_1vgeRH0nDOhDc0qLkympWLIP", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:20.192363+00'),
	(37, 'stripe.charge.succeeded', 'ch_3hNGGRh0anDccFRT2SBx9RCa', NULL, '{"kind": "charge", "event": "evt_1fF3bjxaA8oGFPzDKw82kFOD", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:20.560112+00'),
	(38, 'stripe.invoice.payment_succeeded', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1JmlYGypAd3bglIkJZ44NzCZ", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:21.028025+00'),
	(39, 'stripe.invoice.paid', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1SoFJcodN43MVVdcdkkZkzH6", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:21.028025+00'),
	(40, 'stripe.invoice.updated', 'in_1gDv8uJ9hytn47E04WrJKUIN', NULL, '{"kind": "invoice", "event": "evt_1rUt56Ze71sbqtAlrfwOqx4w", "customer": "cus_yutF8LXppwT9we"}', '2026-12-22 05:19:21.028025+00'),
	(41, 'contact.ended', 'cnt_01m7y1v4bd5036mfvybrpr6v3t', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', '{"tier": "selfheal", "subject": "in_1gDv8uJ9hytn47E04WrJKUIN", "confirmed": true}', '2026-12-22 05:19:21.233501+00'),
	(70, 'stripe.payment_method.updated', 'pm_1JFf3JfvSbHAkorSWllFYFnC', NULL, '{"kind": "payment_method", "event": "evt_15xbcGseyx9AfG5NLwKXwjUa", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(71, 'stripe.invoice.created', 'in_1QjfCg4rNfMpRAHATaULkZM1', NULL, '{"kind": "invoice", "event": "evt_19slizF5RMhhCgj9qnqotYCS", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(72, 'stripe.payment_intent.succeeded', 'pi_3bhOP6s5dvC9QytLHt7sQ2e0', NULL, '{"kind": "payment_intent", "event": "evt_1Bf4WhpfIyOcqZErinsCm5Zx", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(73, 'stripe.invoice.updated', 'in_1QjfCg4rNfMpRAHATaULkZM1', NULL, '{"kind": "invoice", "event": "evt_1Q9Fx9AdvvpnGPzC6ifozVE8", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(74, 'stripe.invoice.finalized', 'in_1QjfCg4rNfMpRAHATaULkZM1', NULL, '{"kind": "invoice", "event": "evt_1fuqFssZdeePweHA8OPOcq8w", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(75, 'stripe.payment_intent.created', 'pi_3bhOP6s5dvC9QytLHt7sQ2e0', NULL, '{"kind": "payment_intent", "event": "evt_1mMfnIdb6XAYwcxx4CE3IRP6", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(76, 'stripe.invoice.paid', 'in_1QjfCg4rNfMpRAHATaULkZM1', NULL, '{"kind": "invoice", "event": "evt_1od9EFlFRdxY3hCSyL5098Rj", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(77, 'stripe.invoice.payment_succeeded', 'in_1QjfCg4rNfMpRAHATaULkZM1', NULL, '{"kind": "invoice", "event": "evt_1tTiDbuJ7KZ1wzsXNmD3l67k", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.452567+00'),
	(78, 'stripe.invoice.created', 'in_1leeV08LtKDbJdcU6LiuaFKt', NULL, '{"kind": "invoice", "event": "evt_1QugNROkdVr04UvlotaNbhbx", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:23.452567+00');
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(79, 'stripe.invoice.paid', 'in_1leeV08LtKDbJdcU6LiuaFKt', NULL, '{"kind": "invoice", "event": "evt_1DN7H1EgdwqdoHCdkgLqfhy0", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:23.452567+00'),
	(80, 'stripe.invoice.finalized', 'in_1leeV08LtKDbJdcU6LiuaFKt', NULL, '{"kind": "invoice", "event": "evt_1Qt34FafeTPJgxjYJsGyeEA0", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:23.452567+00'),
	(81, 'stripe.payment_intent.succeeded', 'pi_3qTmNvhg4ldIXkabUv1aJ5ap', NULL, '{"kind": "payment_intent", "event": "evt_1W6IyRVC2TgOhO4paSgeOv2D", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:23.452567+00'),
	(82, 'stripe.invoice.updated', 'in_1leeV08LtKDbJdcU6LiuaFKt', NULL, '{"kind": "invoice", "event": "evt_1sfqKYP9ubgsPQ7IC38G7emD", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:23.452567+00'),
	(83, 'stripe.invoice.payment_succeeded', 'in_1leeV08LtKDbJdcU6LiuaFKt', NULL, '{"kind": "invoice", "event": "evt_1u4uuJwdk1kaFnleRmBb4bv4", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:23.452567+00'),
	(84, 'stripe.payment_intent.created', 'pi_3qTmNvhg4ldIXkabUv1aJ5ap', NULL, '{"kind": "payment_intent", "event": "evt_1ztNjVqvgPr9AgITmdCN14rd", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:23.452567+00'),
	(42, 'stripe.customer.created', 'cus_UBBPdjG4zr7JiR', NULL, '{"kind": "customer", "event": "evt_16q59Mnoi9Eya9Vm7pTOalWR", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:21.614838+00'),
	(43, 'stripe.payment_method.attached', 'pm_1am2VI5CEADQvcS38nzeiKi3', NULL, '{"kind": "payment_method", "event": "evt_1t1Wi2fphhaqJQVdsXnPfULL", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:21.614838+00'),
	(44, 'stripe.customer.subscription.created', 'sub_1I95SmiJgfedX0U7Cjnepabj', NULL, '{"kind": "subscription", "event": "evt_1IejKX2cMZJeiZgm9ASN2s92", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:21.726317+00'),
	(45, 'stripe.payment_intent.created', 'pi_3ebOBhXeEdrTnlVZLYUeZRK7', NULL, '{"kind": "payment_intent", "event": "evt_1vaZbtOxwNVWTNkLKbhpsv88", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:21.726317+00'),
	(46, 'stripe.charge.succeeded', 'ch_3KSD4GCD2hxz3MHIff6XqcgZ', NULL, '{"kind": "charge", "event": "evt_1RAAIgwY4WJuaAJMZciBDHld", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:21.831787+00'),
	(47, 'stripe.invoice.finalized', 'in_1O5qgWtMnQWGC8VF5ykTkvTC', NULL, '{"kind": "invoice", "event": "evt_1CY88Yjd2CbHhnJWMkGfyhIe", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:21.994863+00'),
	(48, 'stripe.invoice.created', 'in_1O5qgWtMnQWGC8VF5ykTkvTC', NULL, '{"kind": "invoice", "event": "evt_1eq2sjKX5zKAljAoLnJdPHiW", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:21.994863+00'),
	(49, 'case.opened', 'case_01m7y1v7pb1z2z8hkkk41mb8xn', 'cust_01m7y1v7b656zxhvzvq14e1302', '{"about": "cus_UBBPdjG4zr7JiR", "number": 1001, "because": "asked", "severity": "medium"}', '2026-12-22 05:19:22.020343+00'),
	(52, 'stripe.payment_intent.succeeded', 'pi_3ebOBhXeEdrTnlVZLYUeZRK7', NULL, '{"kind": "payment_intent", "event": "evt_16tzlu6HAcsUgKbwVzeyAHVe", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:22.518729+00'),
	(53, 'stripe.customer.subscription.updated', 'sub_1I95SmiJgfedX0U7Cjnepabj', NULL, '{"kind": "subscription", "event": "evt_1NvK2IorftYnbQISE5Tx1ePw", "customer": "cus_UBBPdjG4zr7JiR"}', '2026-12-22 05:19:22.518729+00'),
	(57, 'stripe.charge.succeeded', 'ch_3418LGgCWxVTPX0mjwf2abVX', NULL, '{"kind": "charge", "event": "evt_1drwrwJNxPPiXca3HdAu6DT7", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:22.781085+00'),
	(58, 'stripe.invoice.upcoming', 'upcoming_in_1IAkiUWAUThw7MQgS2FClqsg', NULL, '{"kind": "invoice", "event": "evt_14ePNlSu3MwJXG2pacVrofNr", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:22.781085+00'),
	(59, 'stripe.invoice.upcoming', 'upcoming_in_12RajQbTHhNQL3jzZqVkufmz', NULL, '{"kind": "invoice", "event": "evt_159TKUmxp6OXZ8eGQ8cpLHHr", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:22.781085+00'),
	(60, 'stripe.invoice.upcoming', 'upcoming_in_15roeoveTPfKZbX3sLOJQedV', NULL, '{"kind": "invoice", "event": "evt_1h9pLVYquycgKdSdF6pRehHd", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:22.781085+00'),
	(61, 'stripe.customer.subscription.updated', 'sub_1eyOgGXYsN91k38xeOynNc0R', NULL, '{"kind": "subscription", "event": "evt_10BvXBeYHSf2ZH1JzhSOvilf", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:22.781085+00'),
	(62, 'stripe.charge.succeeded', 'ch_31WxwORQb89aGVlgJIzW2Voz', NULL, '{"kind": "charge", "event": "evt_1kStpcjKkkdRklKTsMCmIDDI", "customer": "cus_yutF8LXppwT9we"}', '2027-01-22 07:19:22.781085+00'),
	(63, 'stripe.customer.subscription.updated', 'sub_1I95SmiJgfedX0U7Cjnepabj', NULL, '{"kind": "subscription", "event": "evt_12JHBW3Bb2NXBfXmz7dgwLjc", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:22.781085+00'),
	(64, 'stripe.invoice.created', 'in_15p5728rJ3eOkKvrf53irSBS', NULL, '{"kind": "invoice", "event": "evt_1HZDeSdAh0iI3cicZTNdDpuv", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:22.781085+00'),
	(100, 'case.set', 'case_01m7y1v7pb1z2z8hkkk41mb8xn', 'cust_01m7y1v7b656zxhvzvq14e1302', '{"level": "support", "status": "pending", "severity": "medium"}', '2027-01-22 07:19:28.247477+00'),
	(101, 'case.answered', 'case_01m7y1v7pb1z2z8hkkk41mb8xn', 'cust_01m7y1v7b656zxhvzvq14e1302', '{"message": "msg_01m7y1vds0qfm6r3pvzhmrp36f"}', '2027-01-22 07:19:28.247477+00'),
	(50, 'stripe.customer.created', 'cus_lV7xGL07F9sWQX', NULL, '{"kind": "customer", "event": "evt_1TuPKDFdOc6pNkFrlNLU6WkI", "customer": "cus_lV7xGL07F9sWQX"}', '2026-12-22 05:19:22.251105+00'),
	(51, 'stripe.payment_method.attached', 'pm_1JFf3JfvSbHAkorSWllFYFnC', NULL, '{"kind": "payment_method", "event": "evt_1cdgCi2AOPdP3680lfebiKl2", "customer": "cus_lV7xGL07F9sWQX"}', '2026-12-22 05:19:22.498015+00'),
	(54, 'stripe.invoice.updated', 'in_1O5qgWtMnQWGC8VF5ykTkvTC', NULL, '{"kind": "invoice", "event": "evt_1GuN7pxnsRQhT4p4EEPXbh7A", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:22.776888+00'),
	(55, 'stripe.invoice.paid', 'in_1O5qgWtMnQWGC8VF5ykTkvTC', NULL, '{"kind": "invoice", "event": "evt_1MwmCDqO2wEr4TrcBRlbHmrn", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:22.776888+00'),
	(56, 'stripe.invoice.payment_succeeded', 'in_1O5qgWtMnQWGC8VF5ykTkvTC', NULL, '{"kind": "invoice", "event": "evt_1aej7uSeLXZhtxxGSVb3UhaQ", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:22.776888+00'),
	(65, 'stripe.customer.subscription.updated', 'sub_104yDWz1AEQ7ISXBfVllFDZZ', NULL, '{"kind": "subscription", "event": "evt_1z5NEB3XUrgdlEFX2R5YS0mp", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.087521+00'),
	(66, 'stripe.charge.succeeded', 'ch_30EpP6fNXKqhwK4iAMQ8N2OR', NULL, '{"kind": "charge", "event": "evt_1y8DWxLWRhYEwm1nPVeevKbi", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:23.087521+00'),
	(67, 'stripe.customer.subscription.updated', 'sub_104yDWz1AEQ7ISXBfVllFDZZ', NULL, '{"kind": "subscription", "event": "evt_139ZRKoEKiyxC8AztPFdAnDs", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.087521+00'),
	(68, 'stripe.customer.updated', 'cus_lV7xGL07F9sWQX', NULL, '{"kind": "customer", "event": "evt_1dkqKpzh5wH286fjjit56Gvs", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.087521+00'),
	(69, 'stripe.charge.failed', 'ch_3Hkn8xD1RIddeyOtFZs4ACwl', NULL, '{"kind": "charge", "event": "evt_1sICAUmOpHwY8vBzYhE3SDUz", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.087521+00'),
	(95, 'stripe.invoice.paid', 'in_15p5728rJ3eOkKvrf53irSBS', NULL, '{"kind": "invoice", "event": "evt_1ImatTUJlnMjhuWbov2aTYDk", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:24.110469+00'),
	(96, 'stripe.invoice.finalized', 'in_15p5728rJ3eOkKvrf53irSBS', NULL, '{"kind": "invoice", "event": "evt_1iXrcgrh4KmofX567ulszybk", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:24.110469+00'),
	(97, 'stripe.invoice.updated', 'in_15p5728rJ3eOkKvrf53irSBS', NULL, '{"kind": "invoice", "event": "evt_1jHPab8btj7KgdKWVEyBnyFm", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:24.110469+00'),
	(98, 'stripe.invoice.payment_succeeded', 'in_15p5728rJ3eOkKvrf53irSBS', NULL, '{"kind": "invoice", "event": "evt_1srZN595mJMK3PdkbTNdMCRn", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:24.110469+00'),
	(99, 'mail.sent', 'msg_01m7y1v9pmnem8d80xvnt17pjt', 'cust_01m7y1v877j8y25k7zzzh6qw47', '{"contact": "cnt_01m7y1v9p2kzm6bga1bgf42v3p"}', '2027-01-22 07:19:24.442669+00'),
	(85, 'stripe.invoice.created', 'in_1zGtxJev3prgkywvFia33N1h', NULL, '{"kind": "invoice", "event": "evt_14y2I2gjFHJBCIEcoszRLWzI", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.790622+00'),
	(86, 'stripe.payment_intent.succeeded', 'pi_3vWGukwCaZwah4ceMmRN9WJs', NULL, '{"kind": "payment_intent", "event": "evt_1ggn3bcPI2i3j5hLrEF8VNDe", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:23.790622+00'),
	(87, 'stripe.payment_intent.created', 'pi_3vWGukwCaZwah4ceMmRN9WJs', NULL, '{"kind": "payment_intent", "event": "evt_1ozNBaaQqtFlU8eTU1YNaYWi", "customer": "cus_UBBPdjG4zr7JiR"}', '2027-01-22 07:19:23.790622+00'),
	(88, 'stripe.payment_intent.payment_failed', 'pi_3fSJadbUzc45zn5FV1WtLb8O', NULL, '{"kind": "payment_intent", "event": "evt_102eMMQQnsDKQNDojdjnxvf9", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.790622+00'),
	(89, 'stripe.invoice.payment_failed', 'in_1zGtxJev3prgkywvFia33N1h', NULL, '{"kind": "invoice", "event": "evt_1JlrymdCgHiEyDGgwluHjCeX", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.790622+00'),
	(90, 'stripe.invoice.updated', 'in_1zGtxJev3prgkywvFia33N1h', NULL, '{"kind": "invoice", "event": "evt_1MdLSPS2i6danG0AaHV4w46s", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.790622+00'),
	(91, 'stripe.payment_intent.created', 'pi_3fSJadbUzc45zn5FV1WtLb8O', NULL, '{"kind": "payment_intent", "event": "evt_1eiy1kZAJZQxZyLK3IPVdiFe", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.790622+00'),
	(92, 'stripe.invoice.finalized', 'in_1zGtxJev3prgkywvFia33N1h', NULL, '{"kind": "invoice", "event": "evt_1kgPgLpceQlIocDayybcPARy", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.790622+00'),
	(93, 'stripe.customer.subscription.created', 'sub_104yDWz1AEQ7ISXBfVllFDZZ', NULL, '{"kind": "subscription", "event": "evt_1RJyCBEtsxgXJomlBT0iP4WY", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.917546+00');
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(94, 'stripe.customer.subscription.updated', 'sub_104yDWz1AEQ7ISXBfVllFDZZ', NULL, '{"kind": "subscription", "event": "evt_1TpIbXkuVvbCw9vKCulaffAE", "customer": "cus_lV7xGL07F9sWQX"}', '2027-01-22 07:19:23.917546+00');


--
-- Data for Name: fix_runs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.fix_runs VALUES
	('fix_01m7y1v53q6qqkc91ykg3y7jkp', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'retry_payment', 'in_1gDv8uJ9hytn47E04WrJKUIN', 'done', '{"id": "cust_01m7y1v3xv5c7yycnx1zj8kv7j", "kind": "customer", "role": "billing", "verified": true}', 'cnt_01m7y1v4bd5036mfvybrpr6v3t', 'in_1gDv8uJ9hytn47E04WrJKUIN', 'subscription.default_payment_method', 'sub_1eyOgGXYsN91k38xeOynNc0R', NULL, 'act_01m7y1v56szn10t16yhyr125fy', NULL, '2026-12-22 05:19:19.294045+00', '2026-12-22 05:19:19.842591+00');


--
-- Data for Name: idempotency_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idempotency_keys VALUES
	('api:customer:cust_01m7y1v3xv5c7yycnx1zj8kv7j', '1d381a611bf3beb3', 'a16088345528bc63e13bd3a1e7f622d2161d2e0102903d15a0dfcbd60cd12d41', '{"run": "fix_01m7y1v53q6qqkc91ykg3y7jkp", "url": null, "case": null, "action": "act_01m7y1v56szn10t16yhyr125fy", "status": "working"}', '2026-12-22 05:19:19.294045+00'),
	('api:customer:cust_01m7y1v7b656zxhvzvq14e1302', '086642558dc7c299', 'de9aa18188a4a898364a22b4644c9eff1a2296e4bbbe438f4604d32922fa6b12', '{"run": null, "url": null, "case": "case_01m7y1v7pb1z2z8hkkk41mb8xn", "action": null, "status": "escalated"}', '2026-12-22 05:19:22.020343+00'),
	('api:staff:admin', 'one', '2c92924c3eddd8fc26c06bddcda362195dc07b403c71e3a630830d7399609af7', '{"id": "msg_01m7y1vds0qfm6r3pvzhmrp36f", "text": "We looked, and all is well.", "author": "staff", "direction": "out", "created_at": "2027-01-22T07:19:28.247477+00:00"}', '2027-01-22 07:19:28.247477+00');


--
-- Data for Name: letter_choices; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: letter_rules; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.letter_rules VALUES
	(true, 4, 7, '20:00:00', '08:00:00', true);


--
-- Data for Name: letters_written; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.letters_written VALUES
	('msg_01m7y1v4c1842q4c4099vaytrp', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', '2026-12-22 05:19:18.504617+00'),
	('msg_01m7y1v9pmnem8d80xvnt17pjt', 'cust_01m7y1v877j8y25k7zzzh6qw47', '2027-01-22 07:19:23.983955+00');


--
-- Data for Name: messages; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.messages VALUES
	('msg_01m7y1v4c1842q4c4099vaytrp', 'cnt_01m7y1v4bd5036mfvybrpr6v3t', NULL, 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'out', 'system', 'worker', 'Your December payment did not go through', 'On Tuesday 22 December we asked your bank for $2,500.00 for invoice ZT2BBQGC-0002. The bank said no: there was not enough money on the Visa card ending 4242.

No money has left your account. Nothing is switched off.

Pay with another card. Or put money on this one: we try it again on Thursday 24 December.

Pay $2,500.00:
http://127.0.0.1:44239/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTF2NGJ4cWR2a2dlbjU2a20ydjdkZiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxdjN4djVjN3l5Y254MXpqOGt2N2oiLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xZ0R2OHVKOWh5dG40N0UwNFdySktVSU4iLCJpYXQiOjE3OTUyMzExNTgsImV4cCI6MTc5NTgzNTk1OH0.sy5S_MrtQwSbDN3uvjNoeoXcbbWqLnQcaCxIM4-a4KI

The button works for 7 days. You do not have to sign in.

Would you rather talk to a person? The same page brings you to one.', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Your December payment did not go through</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .paper { background: #15121b !important; }
  .ink { color: #edeaf3 !important; }
  .soft { color: #b0a8bf !important; }
  .line { border-color: #373043 !important; }
  .main { background: #c5a9f7 !important; color: #1c0f36 !important; }
}
</style>
</head>
<body class="paper" style="margin: 0; background: #fff;">
<div class="paper" style="max-width: 34rem; margin: 0 auto; padding: 24px 20px 40px; background: #fff; font: 17px/1.55 -apple-system, BlinkMacSystemFont, ''Segoe UI'', Roboto, ''Noto Sans'', ''Liberation Sans'', sans-serif;">
<p class="ink line" style="margin: 0 0 32px; padding: 0 0 12px; border-bottom: 1px solid #dfdbe6; color: #1b1722; font-weight: 600;">TAI</p>
<h1 class="ink" style="margin: 0 0 16px; color: #1b1722; font-size: 28px; line-height: 1.2; letter-spacing: -.015em;">Your December payment did not go through</h1>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">On Tuesday 22 December we asked your bank for $2,500.00 for invoice ZT2BBQGC-0002. The bank said no: there was not enough money on the Visa card ending 4242.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">No money has left your account. Nothing is switched off.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">Pay with another card. Or put money on this one: we try it again on Thursday 24 December.</p>
<p style="margin: 28px 0;"><a class="main" href="http://127.0.0.1:44239/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTF2NGJ4cWR2a2dlbjU2a20ydjdkZiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxdjN4djVjN3l5Y254MXpqOGt2N2oiLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xZ0R2OHVKOWh5dG40N0UwNFdySktVSU4iLCJpYXQiOjE3OTUyMzExNTgsImV4cCI6MTc5NTgzNTk1OH0.sy5S_MrtQwSbDN3uvjNoeoXcbbWqLnQcaCxIM4-a4KI" style="display: inline-block; padding: 14px 24px; border-radius: 6px; background: #5d2fa3; color: #fff; font-weight: 600; line-height: 1.2; text-decoration: none;">Pay $2,500.00</a></p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">The button works for 7 days. You do not have to sign in.</p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">Would you rather talk to a person? The same page brings you to one.</p>
</div>
</body>
</html>
', '2026-12-22 05:19:18.504617+00'),
	('msg_01m7y1v7pmqybzp1mfx6kt0kdq', 'cnt_01m7y1v7nwdp5t6xptyw879vjn', 'case_01m7y1v7pb1z2z8hkkk41mb8xn', 'cust_01m7y1v7b656zxhvzvq14e1302', 'in', 'customer', 'cust_01m7y1v7b656zxhvzvq14e1302', 'Your plan has not started yet', 'Asked for a person, and added nothing. What the page showed is below.', NULL, '2026-12-22 05:19:22.020343+00'),
	('msg_01m7y1v9pmnem8d80xvnt17pjt', 'cnt_01m7y1v9p2kzm6bga1bgf42v3p', NULL, 'cust_01m7y1v877j8y25k7zzzh6qw47', 'out', 'system', 'worker', 'Your January payment did not go through', 'On Friday 22 January we asked your bank for $2,500.00 for invoice JMCMY21W-0002. The bank said no: there was not enough money on the Visa card ending 4242.

No money has left your account. Nothing is switched off.

Pay with another card. Or put money on this one: we try it again on Saturday 23 January.

Pay $2,500.00:
http://127.0.0.1:44239/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTF2NGJ4cWR2a2dlbjU2a20ydjdkZiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxdjg3N2o4eTI1azd6enpoNnF3NDciLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xekd0eEpldjNwcmdreXd2RmlhMzNOMWgiLCJpYXQiOjE3OTUyMzExNjQsImV4cCI6MTc5NTgzNTk2NH0.1G0EGtYAKxvykIlxc9u99q0ic2rvvkFu2JE71F3IoUs

The button works for 7 days. You do not have to sign in.

Would you rather talk to a person? The same page brings you to one.', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Your January payment did not go through</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .paper { background: #15121b !important; }
  .ink { color: #edeaf3 !important; }
  .soft { color: #b0a8bf !important; }
  .line { border-color: #373043 !important; }
  .main { background: #c5a9f7 !important; color: #1c0f36 !important; }
}
</style>
</head>
<body class="paper" style="margin: 0; background: #fff;">
<div class="paper" style="max-width: 34rem; margin: 0 auto; padding: 24px 20px 40px; background: #fff; font: 17px/1.55 -apple-system, BlinkMacSystemFont, ''Segoe UI'', Roboto, ''Noto Sans'', ''Liberation Sans'', sans-serif;">
<p class="ink line" style="margin: 0 0 32px; padding: 0 0 12px; border-bottom: 1px solid #dfdbe6; color: #1b1722; font-weight: 600;">TAI</p>
<h1 class="ink" style="margin: 0 0 16px; color: #1b1722; font-size: 28px; line-height: 1.2; letter-spacing: -.015em;">Your January payment did not go through</h1>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">On Friday 22 January we asked your bank for $2,500.00 for invoice JMCMY21W-0002. The bank said no: there was not enough money on the Visa card ending 4242.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">No money has left your account. Nothing is switched off.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">Pay with another card. Or put money on this one: we try it again on Saturday 23 January.</p>
<p style="margin: 28px 0;"><a class="main" href="http://127.0.0.1:44239/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTF2NGJ4cWR2a2dlbjU2a20ydjdkZiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxdjg3N2o4eTI1azd6enpoNnF3NDciLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xekd0eEpldjNwcmdreXd2RmlhMzNOMWgiLCJpYXQiOjE3OTUyMzExNjQsImV4cCI6MTc5NTgzNTk2NH0.1G0EGtYAKxvykIlxc9u99q0ic2rvvkFu2JE71F3IoUs" style="display: inline-block; padding: 14px 24px; border-radius: 6px; background: #5d2fa3; color: #fff; font-weight: 600; line-height: 1.2; text-decoration: none;">Pay $2,500.00</a></p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">The button works for 7 days. You do not have to sign in.</p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">Would you rather talk to a person? The same page brings you to one.</p>
</div>
</body>
</html>
', '2027-01-22 07:19:23.983955+00'),
	('msg_01m7y1vds0qfm6r3pvzhmrp36f', 'cnt_01m7y1v7nwdp5t6xptyw879vjn', 'case_01m7y1v7pb1z2z8hkkk41mb8xn', 'cust_01m7y1v7b656zxhvzvq14e1302', 'out', 'staff', 'admin', 'Your plan has not started yet', 'We looked, and all is well.', NULL, '2027-01-22 07:19:28.247477+00');


--
-- Data for Name: mirror_contact; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.mirror_contact VALUES
	(true, '2027-01-22 07:19:24.058877+00', NULL, NULL, '2027-01-22 06:19:22+00', '2026-11-21 03:19:24.216564+00');


--
-- Data for Name: mirror_objects; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.mirror_objects VALUES
	('ch_3arsWTAFMk4wmsOLMnKaPABp', 'charge', 'cus_yutF8LXppwT9we', NULL, 'failed', '2026-12-21 04:19:15+00', '2026-12-21 04:19:15+00', '2026-12-21 04:19:16+00', false, 1, '{"id": "ch_3arsWTAFMk4wmsOLMnKaPABp", "paid": false, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "failed", "created": 1797826755, "outcome": {"type": "issuer_declined", "reason": "insufficient_funds", "risk_level": "normal", "risk_score": 20, "advice_code": "try_again_later", "network_status": "declined_by_network", "seller_message": "The bank returned the decline code `insufficient_funds`.", "network_advice_code": null, "network_decline_code": null}, "captured": false, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": null, "failure_code": "card_declined", "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3SammlX1vF3gAG8KnKGmEloX", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "receipt_number": null, "transfer_group": null, "amount_captured": 0, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": "Your card has insufficient funds.", "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('cus_yutF8LXppwT9we', 'customer', 'cus_yutF8LXppwT9we', NULL, NULL, '2026-11-21 03:19:14+00', '2026-12-22 05:19:19+00', '2026-12-22 05:19:20+00', false, 2, '{"id": "cus_yutF8LXppwT9we", "name": "Northbeck 4bed51", "email": "pay@northbeck-4bed51.example", "phone": null, "object": "customer", "address": null, "balance": 0, "created": 1795231154, "currency": "usd", "discount": null, "livemode": false, "metadata": {}, "shipping": null, "delinquent": false, "tax_exempt": "none", "test_clock": null, "description": null, "business_name": null, "default_source": null, "invoice_prefix": "ZT2BBQGC", "individual_name": null, "customer_account": null, "invoice_settings": {"footer": null, "custom_fields": null, "rendering_options": null, "default_payment_method": null}, "preferred_locales": [], "next_invoice_sequence": 3}'),
	('price_1vYli8JSliLh8cKWne8AsyMM', 'price', NULL, NULL, NULL, '2026-12-22 05:19:22+00', '2026-12-22 05:19:22+00', '2026-12-22 05:19:23+00', false, 1, '{"id": "price_1vYli8JSliLh8cKWne8AsyMM", "type": "recurring", "active": true, "object": "price", "created": 1797916762, "product": "prod_JCqVIW3EOeU8bm", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}'),
	('prod_JCqVIW3EOeU8bm', 'product', NULL, NULL, NULL, '2026-12-22 05:19:22+00', '2026-12-22 05:19:22+00', '2026-12-22 05:19:23+00', false, 1, '{"id": "prod_JCqVIW3EOeU8bm", "url": null, "name": "Starter", "type": "service", "active": true, "images": [], "object": "product", "created": 1797916762, "updated": 1797916762, "livemode": false, "metadata": {}, "tax_code": null, "shippable": null, "unit_label": null, "description": null, "default_price": null, "marketing_features": [], "package_dimensions": null, "statement_descriptor": null}'),
	('inpay_1QjfCg4rNfMpRAHATaULkZM1', 'invoice_payment', 'cus_lV7xGL07F9sWQX', 'in_1QjfCg4rNfMpRAHATaULkZM1', 'paid', '2026-12-22 05:19:22+00', '2027-01-22 07:19:20.911072+00', '2027-01-22 07:19:23.999999+00', false, 2, '{"id": "inpay_1QjfCg4rNfMpRAHATaULkZM1", "object": "invoice_payment", "status": "paid", "created": 1797916762, "invoice": "in_1QjfCg4rNfMpRAHATaULkZM1", "payment": {"type": "payment_intent", "payment_intent": "pi_3bhOP6s5dvC9QytLHt7sQ2e0"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1797916762, "canceled_at": null}}'),
	('inpay_1leeV08LtKDbJdcU6LiuaFKt', 'invoice_payment', 'cus_yutF8LXppwT9we', 'in_1leeV08LtKDbJdcU6LiuaFKt', 'paid', '2027-01-21 04:19:15+00', '2027-01-22 07:19:20.936689+00', '2027-01-22 07:19:23.999998+00', false, 2, '{"id": "inpay_1leeV08LtKDbJdcU6LiuaFKt", "object": "invoice_payment", "status": "paid", "created": 1800505155, "invoice": "in_1leeV08LtKDbJdcU6LiuaFKt", "payment": {"type": "payment_intent", "payment_intent": "pi_3qTmNvhg4ldIXkabUv1aJ5ap"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1800505155, "canceled_at": null}}'),
	('in_15p5728rJ3eOkKvrf53irSBS', 'invoice', 'cus_UBBPdjG4zr7JiR', NULL, 'paid', '2027-01-22 05:19:21+00', '2027-01-22 07:19:21.964847+00', '2027-01-22 07:19:24.999998+00', false, 2, '{"id": "in_15p5728rJ3eOkKvrf53irSBS", "lines": {"url": "/v1/invoices/in_15p5728rJ3eOkKvrf53irSBS/lines", "data": [{"id": "il_15Q1On4Oo4yqzvEslFzF1vTY", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj", "proration_details": {"credited_items": null}, "subscription_item": "si_LrRJzwzOW4XX2o"}}, "period": {"end": 1803273561, "start": 1800595161}, "invoice": "in_15p5728rJ3eOkKvrf53irSBS", "pricing": {"type": "price_details", "price_details": {"price": "price_1bMsnQ68hCcMfuPTxSacnGeQ", "product": "prod_4QoOC7jeYxWT5f"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "3QBUPFXG-0002", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj"}}, "status": "paid", "created": 1800595161, "currency": "usd", "customer": "cus_UBBPdjG4zr7JiR", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1800595161, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:39601/i/aW5fMTVwNTcyOHJKM2VPa0t2cmY1M2lyU0JTLjE4MDMxOTA3NjEucWpPQUZyY2QuZDYxZGY4M2FlYjc4OGRmOA/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1800598761, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916761, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 4d038a", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-4d038a.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:39601/i/aW5fMTVwNTcyOHJKM2VPa0t2cmY1M2lyU0JTLjE4MDMxOTA3NjEucWpPQUZyY2QuZDYxZGY4M2FlYjc4OGRmOA", "status_transitions": {"paid_at": 1800598761, "voided_at": null, "finalized_at": 1800598761, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('price_1phO27bjL2lW8BR9hKDlu2RY', 'price', NULL, NULL, NULL, '2026-11-21 03:19:15+00', '2026-11-21 03:19:15+00', '2026-11-21 03:19:16+00', false, 1, '{"id": "price_1phO27bjL2lW8BR9hKDlu2RY", "type": "recurring", "active": true, "object": "price", "created": 1795231155, "product": "prod_XLGCeCYQxBf9AG", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}'),
	('prod_XLGCeCYQxBf9AG', 'product', NULL, NULL, NULL, '2026-11-21 03:19:15+00', '2026-11-21 03:19:15+00', '2026-11-21 03:19:16+00', false, 1, '{"id": "prod_XLGCeCYQxBf9AG", "url": null, "name": "Starter", "type": "service", "active": true, "images": [], "object": "product", "created": 1795231155, "updated": 1795231155, "livemode": false, "metadata": {}, "tax_code": null, "shippable": null, "unit_label": null, "description": null, "default_price": null, "marketing_features": [], "package_dimensions": null, "statement_descriptor": null}'),
	('in_1D0jMJKJz9sp0fVqqmGeOQEv', 'invoice', 'cus_yutF8LXppwT9we', NULL, 'paid', '2026-11-21 03:19:15+00', '2026-12-22 05:19:15.898376+00', '2026-12-22 05:19:18.999998+00', false, 1, '{"id": "in_1D0jMJKJz9sp0fVqqmGeOQEv", "lines": {"url": "/v1/invoices/in_1D0jMJKJz9sp0fVqqmGeOQEv/lines", "data": [{"id": "il_15BZBJ36SFBf19chPBGBS24w", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R", "proration_details": {"credited_items": null}, "subscription_item": "si_Gy6CspEmPnyeg2"}}, "period": {"end": 1797823155, "start": 1795231155}, "invoice": "in_1D0jMJKJz9sp0fVqqmGeOQEv", "pricing": {"type": "price_details", "price_details": {"price": "price_1phO27bjL2lW8BR9hKDlu2RY", "product": "prod_XLGCeCYQxBf9AG"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "ZT2BBQGC-0001", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R"}}, "status": "paid", "created": 1795231155, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1795231155, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:39601/i/aW5fMUQwak1KS0p6OXNwMGZWcXFtR2VPUUV2LjE3OTg3ODA3NTgualUzU0NuTkIuODdhZjBiYjkzYmJlMDAzYQ/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1795231155, "from_invoice": null, "on_behalf_of": null, "period_start": 1795231155, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 4bed51", "shipping_cost": null, "billing_reason": "subscription_create", "customer_email": "pay@northbeck-4bed51.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:39601/i/aW5fMUQwak1KS0p6OXNwMGZWcXFtR2VPUUV2LjE3OTg3ODA3NTgualUzU0NuTkIuODdhZjBiYjkzYmJlMDAzYQ", "status_transitions": {"paid_at": 1795231155, "voided_at": null, "finalized_at": 1795231155, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('pi_3zAhb4ACaelP2I54qp9x7McP', 'payment_intent', 'cus_yutF8LXppwT9we', NULL, 'succeeded', '2026-11-21 03:19:15+00', '2026-12-22 05:19:15.881832+00', '2026-12-22 05:19:18.999998+00', false, 1, '{"id": "pi_3zAhb4ACaelP2I54qp9x7McP", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1795231155, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription creation", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3zAhb4ACaelP2I54qp9x7McP_secret_ghIhLlIIKsOPIhjwwK30a10K", "latest_charge": "ch_3NFbNVPNhMVbN0E6BgUW8dYu", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('ch_3NFbNVPNhMVbN0E6BgUW8dYu', 'charge', 'cus_yutF8LXppwT9we', NULL, 'succeeded', '2026-11-21 03:19:15+00', '2026-12-22 05:19:15.933146+00', '2026-12-22 05:19:18.999998+00', false, 2, '{"id": "ch_3NFbNVPNhMVbN0E6BgUW8dYu", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1795231155, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription creation", "receipt_url": "http://127.0.0.1:39601/receipts/ch_3NFbNVPNhMVbN0E6BgUW8dYu", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3zAhb4ACaelP2I54qp9x7McP", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('in_1gDv8uJ9hytn47E04WrJKUIN', 'invoice', 'cus_yutF8LXppwT9we', NULL, 'paid', '2026-12-21 03:19:15+00', '2026-12-22 05:19:18.974497+00', '2026-12-22 05:19:21.999998+00', false, 3, '{"id": "in_1gDv8uJ9hytn47E04WrJKUIN", "lines": {"url": "/v1/invoices/in_1gDv8uJ9hytn47E04WrJKUIN/lines", "data": [{"id": "il_1OeKdVpcrBq4JstFnOIkuP0w", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R", "proration_details": {"credited_items": null}, "subscription_item": "si_Gy6CspEmPnyeg2"}}, "period": {"end": 1800501555, "start": 1797823155}, "invoice": "in_1gDv8uJ9hytn47E04WrJKUIN", "pricing": {"type": "price_details", "price_details": {"price": "price_1phO27bjL2lW8BR9hKDlu2RY", "product": "prod_XLGCeCYQxBf9AG"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "ZT2BBQGC-0002", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R"}}, "status": "paid", "created": 1797823155, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1797823155, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:39601/i/aW5fMWdEdjh1SjloeXRuNDdFMDRXckpLVUlOLjE4MDA0MTg3NTUuMkpZR2FOSWYuMWQ2MDkzYzY4YzQyNWIwZg/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1797826755, "from_invoice": null, "on_behalf_of": null, "period_start": 1795231155, "attempt_count": 2, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 4bed51", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-4bed51.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:39601/i/aW5fMWdEdjh1SjloeXRuNDdFMDRXckpLVUlOLjE4MDA0MTg3NTUuMkpZR2FOSWYuMWQ2MDkzYzY4YzQyNWIwZg", "status_transitions": {"paid_at": 1797916759, "voided_at": null, "finalized_at": 1797826755, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('ch_3zJkBFy5fKIdkEJJhLarE6OI', 'charge', 'cus_yutF8LXppwT9we', NULL, 'failed', '2026-12-22 04:19:15+00', '2026-12-22 05:19:15.948623+00', '2026-12-22 05:19:18.999998+00', false, 2, '{"id": "ch_3zJkBFy5fKIdkEJJhLarE6OI", "paid": false, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "failed", "created": 1797913155, "outcome": {"type": "issuer_declined", "reason": "insufficient_funds", "risk_level": "normal", "risk_score": 20, "advice_code": "try_again_later", "network_status": "declined_by_network", "seller_message": "The bank returned the decline code `insufficient_funds`.", "network_advice_code": null, "network_decline_code": null}, "captured": false, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": null, "failure_code": "card_declined", "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3SammlX1vF3gAG8KnKGmEloX", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "receipt_number": null, "transfer_group": null, "amount_captured": 0, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": "Your card has insufficient funds.", "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('inpay_1D0jMJKJz9sp0fVqqmGeOQEv', 'invoice_payment', 'cus_yutF8LXppwT9we', 'in_1D0jMJKJz9sp0fVqqmGeOQEv', 'paid', '2026-11-21 03:19:15+00', '2026-12-22 05:19:15.933146+00', '2026-12-22 05:19:18.999998+00', false, 2, '{"id": "inpay_1D0jMJKJz9sp0fVqqmGeOQEv", "object": "invoice_payment", "status": "paid", "created": 1795231155, "invoice": "in_1D0jMJKJz9sp0fVqqmGeOQEv", "payment": {"type": "payment_intent", "payment_intent": "pi_3zAhb4ACaelP2I54qp9x7McP"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1795231155, "canceled_at": null}}'),
	('ch_3hNGGRh0anDccFRT2SBx9RCa', 'charge', 'cus_yutF8LXppwT9we', NULL, 'succeeded', '2026-12-22 05:19:19+00', '2026-12-22 05:19:16.905151+00', '2026-12-22 05:19:19.999999+00', false, 1, '{"id": "ch_3hNGGRh0anDccFRT2SBx9RCa", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1797916759, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": "http://127.0.0.1:39601/receipts/ch_3hNGGRh0anDccFRT2SBx9RCa", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3SammlX1vF3gAG8KnKGmEloX", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('inpay_1gDv8uJ9hytn47E04WrJKUIN', 'invoice_payment', 'cus_yutF8LXppwT9we', 'in_1gDv8uJ9hytn47E04WrJKUIN', 'paid', '2026-12-21 04:19:15+00', '2026-12-22 05:19:19+00', '2026-12-22 05:19:20+00', false, 2, '{"id": "inpay_1gDv8uJ9hytn47E04WrJKUIN", "object": "invoice_payment", "status": "paid", "created": 1797826755, "invoice": "in_1gDv8uJ9hytn47E04WrJKUIN", "payment": {"type": "payment_intent", "payment_intent": "pi_3SammlX1vF3gAG8KnKGmEloX"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1797916759, "canceled_at": null}}'),
	('ch_3KSD4GCD2hxz3MHIff6XqcgZ', 'charge', 'cus_UBBPdjG4zr7JiR', NULL, 'succeeded', '2026-12-22 05:19:21+00', '2027-01-22 07:19:20.948041+00', '2027-01-22 07:19:23.999999+00', false, 2, '{"id": "ch_3KSD4GCD2hxz3MHIff6XqcgZ", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1797916761, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_UBBPdjG4zr7JiR", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription creation", "receipt_url": "http://127.0.0.1:39601/receipts/ch_3KSD4GCD2hxz3MHIff6XqcgZ", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3ebOBhXeEdrTnlVZLYUeZRK7", "payment_method": "pm_1am2VI5CEADQvcS38nzeiKi3", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('inpay_1O5qgWtMnQWGC8VF5ykTkvTC', 'invoice_payment', 'cus_UBBPdjG4zr7JiR', 'in_1O5qgWtMnQWGC8VF5ykTkvTC', 'paid', '2026-12-22 05:19:21+00', '2027-01-22 07:19:20.948041+00', '2027-01-22 07:19:23.999999+00', false, 2, '{"id": "inpay_1O5qgWtMnQWGC8VF5ykTkvTC", "object": "invoice_payment", "status": "paid", "created": 1797916761, "invoice": "in_1O5qgWtMnQWGC8VF5ykTkvTC", "payment": {"type": "payment_intent", "payment_intent": "pi_3ebOBhXeEdrTnlVZLYUeZRK7"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1797916761, "canceled_at": null}}'),
	('inpay_1zGtxJev3prgkywvFia33N1h', 'invoice_payment', 'cus_lV7xGL07F9sWQX', 'in_1zGtxJev3prgkywvFia33N1h', 'open', '2027-01-22 06:19:22+00', '2027-01-22 07:19:21.90728+00', '2027-01-22 07:19:24.999998+00', false, 1, '{"id": "inpay_1zGtxJev3prgkywvFia33N1h", "object": "invoice_payment", "status": "open", "created": 1800598762, "invoice": "in_1zGtxJev3prgkywvFia33N1h", "payment": {"type": "payment_intent", "payment_intent": "pi_3fSJadbUzc45zn5FV1WtLb8O"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": null, "amount_requested": 250000, "status_transitions": {"paid_at": null, "canceled_at": null}}'),
	('pi_3SammlX1vF3gAG8KnKGmEloX', 'payment_intent', 'cus_yutF8LXppwT9we', NULL, 'succeeded', '2026-12-21 04:19:15+00', '2026-12-22 05:19:19+00', '2026-12-22 05:19:20+00', false, 3, '{"id": "pi_3SammlX1vF3gAG8KnKGmEloX", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1797826755, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3SammlX1vF3gAG8KnKGmEloX_secret_7UNxoBdMm2penNdalsHyaB4u", "latest_charge": "ch_3hNGGRh0anDccFRT2SBx9RCa", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('cus_UBBPdjG4zr7JiR', 'customer', 'cus_UBBPdjG4zr7JiR', NULL, NULL, '2026-12-22 05:19:21+00', '2026-12-22 05:19:21+00', '2026-12-22 05:19:22+00', false, 1, '{"id": "cus_UBBPdjG4zr7JiR", "name": "Northbeck 4d038a", "email": "pay@northbeck-4d038a.example", "phone": null, "object": "customer", "address": null, "balance": 0, "created": 1797916761, "currency": null, "discount": null, "livemode": false, "metadata": {}, "shipping": null, "delinquent": false, "tax_exempt": "none", "test_clock": null, "description": null, "business_name": null, "default_source": null, "invoice_prefix": "3QBUPFXG", "individual_name": null, "customer_account": null, "invoice_settings": {"footer": null, "custom_fields": null, "rendering_options": null, "default_payment_method": null}, "preferred_locales": [], "next_invoice_sequence": 1}'),
	('in_1O5qgWtMnQWGC8VF5ykTkvTC', 'invoice', 'cus_UBBPdjG4zr7JiR', NULL, 'paid', '2026-12-22 05:19:21+00', '2027-01-22 07:19:20.944509+00', '2027-01-22 07:19:23.999999+00', false, 2, '{"id": "in_1O5qgWtMnQWGC8VF5ykTkvTC", "lines": {"url": "/v1/invoices/in_1O5qgWtMnQWGC8VF5ykTkvTC/lines", "data": [{"id": "il_1oxzWlc8dCCpPG49Cba3YnZv", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj", "proration_details": {"credited_items": null}, "subscription_item": "si_LrRJzwzOW4XX2o"}}, "period": {"end": 1800595161, "start": 1797916761}, "invoice": "in_1O5qgWtMnQWGC8VF5ykTkvTC", "pricing": {"type": "price_details", "price_details": {"price": "price_1bMsnQ68hCcMfuPTxSacnGeQ", "product": "prod_4QoOC7jeYxWT5f"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "3QBUPFXG-0001", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj"}}, "status": "paid", "created": 1797916761, "currency": "usd", "customer": "cus_UBBPdjG4zr7JiR", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1797916761, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:39601/i/aW5fMU81cWdXdE1uUVdHQzhWRjV5a1RrdlRDLjE4MDE0NjYzNjIuVnRiaXJob1guZDE4ZTY0YjE5ZjIxMTk3OQ/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1797916761, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916761, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 4d038a", "shipping_cost": null, "billing_reason": "subscription_create", "customer_email": "pay@northbeck-4d038a.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:39601/i/aW5fMU81cWdXdE1uUVdHQzhWRjV5a1RrdlRDLjE4MDE0NjYzNjIuVnRiaXJob1guZDE4ZTY0YjE5ZjIxMTk3OQ", "status_transitions": {"paid_at": 1797916761, "voided_at": null, "finalized_at": 1797916761, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('sub_1eyOgGXYsN91k38xeOynNc0R', 'subscription', 'cus_yutF8LXppwT9we', NULL, 'active', '2026-11-21 03:19:15+00', '2027-01-21 03:19:15+00', '2027-01-21 03:19:16+00', false, 3, '{"id": "sub_1eyOgGXYsN91k38xeOynNc0R", "items": {"url": "/v1/subscription_items?subscription=sub_1eyOgGXYsN91k38xeOynNc0R", "data": [{"id": "si_Gy6CspEmPnyeg2", "plan": {"id": "price_1phO27bjL2lW8BR9hKDlu2RY", "meter": null, "active": true, "amount": 250000, "object": "plan", "created": 1795231155, "product": "prod_XLGCeCYQxBf9AG", "currency": "usd", "interval": "month", "livemode": false, "metadata": {}, "nickname": null, "tiers_mode": null, "usage_type": "licensed", "amount_decimal": "250000", "billing_scheme": "per_unit", "interval_count": 1, "transform_usage": null, "trial_period_days": null}, "price": {"id": "price_1phO27bjL2lW8BR9hKDlu2RY", "type": "recurring", "active": true, "object": "price", "created": 1795231155, "product": "prod_XLGCeCYQxBf9AG", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}, "object": "subscription_item", "created": 1795231155, "metadata": {}, "quantity": 1, "discounts": [], "tax_rates": [], "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R", "billing_thresholds": null, "current_period_end": 1803179955, "current_period_start": 1800501555}], "object": "list", "has_more": false}, "object": "subscription", "status": "active", "created": 1795231155, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "ended_at": null, "livemode": false, "metadata": {}, "schedule": null, "cancel_at": null, "discounts": [], "trial_end": null, "start_date": 1795231155, "test_clock": null, "application": null, "canceled_at": null, "description": null, "trial_start": null, "billing_mode": {"type": "flexible", "flexible": null}, "on_behalf_of": null, "automatic_tax": {"enabled": false, "liability": null, "disabled_reason": null}, "transfer_data": null, "days_until_due": null, "default_source": null, "latest_invoice": "in_1leeV08LtKDbJdcU6LiuaFKt", "pending_update": null, "status_details": null, "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "customer_account": null, "invoice_settings": {"issuer": {"type": "self"}, "account_tax_ids": null}, "pause_collection": null, "payment_settings": {"payment_method_types": null, "payment_method_options": null, "save_default_payment_method": "off"}, "billing_schedules": [], "collection_method": "charge_automatically", "default_tax_rates": [], "billing_thresholds": null, "billing_cycle_anchor": 1795231155, "cancel_at_period_end": false, "cancellation_details": {"reason": null, "comment": null, "feedback": null}, "pending_setup_intent": null, "default_payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "application_fee_percent": null, "billing_cycle_anchor_config": null, "pending_invoice_item_interval": null, "next_pending_invoice_item_invoice": null}'),
	('price_1bMsnQ68hCcMfuPTxSacnGeQ', 'price', NULL, NULL, NULL, '2026-12-22 05:19:21+00', '2026-12-22 05:19:21+00', '2026-12-22 05:19:22+00', false, 1, '{"id": "price_1bMsnQ68hCcMfuPTxSacnGeQ", "type": "recurring", "active": true, "object": "price", "created": 1797916761, "product": "prod_4QoOC7jeYxWT5f", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}'),
	('prod_4QoOC7jeYxWT5f', 'product', NULL, NULL, NULL, '2026-12-22 05:19:21+00', '2026-12-22 05:19:21+00', '2026-12-22 05:19:22+00', false, 1, '{"id": "prod_4QoOC7jeYxWT5f", "url": null, "name": "Starter", "type": "service", "active": true, "images": [], "object": "product", "created": 1797916761, "updated": 1797916761, "livemode": false, "metadata": {}, "tax_code": null, "shippable": null, "unit_label": null, "description": null, "default_price": null, "marketing_features": [], "package_dimensions": null, "statement_descriptor": null}'),
	('pm_1JFf3JfvSbHAkorSWllFYFnC', 'payment_method', 'cus_lV7xGL07F9sWQX', NULL, NULL, '2026-12-22 05:19:22+00', '2027-01-22 07:19:20.879708+00', '2027-01-22 07:19:23.999999+00', false, 2, '{"id": "pm_1JFf3JfvSbHAkorSWllFYFnC", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1797916762, "customer": "cus_lV7xGL07F9sWQX", "livemode": false, "metadata": {"sandbox_decline": "insufficient_funds"}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}'),
	('in_1zGtxJev3prgkywvFia33N1h', 'invoice', 'cus_lV7xGL07F9sWQX', NULL, 'open', '2027-01-22 05:19:22+00', '2027-01-22 07:19:21.851037+00', '2027-01-22 07:19:24.999998+00', false, 1, '{"id": "in_1zGtxJev3prgkywvFia33N1h", "lines": {"url": "/v1/invoices/in_1zGtxJev3prgkywvFia33N1h/lines", "data": [{"id": "il_1fnnTMhhD1H42m9vrzAAFHAv", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_104yDWz1AEQ7ISXBfVllFDZZ", "proration_details": {"credited_items": null}, "subscription_item": "si_d2UxWozlvQUqrn"}}, "period": {"end": 1803273562, "start": 1800595162}, "invoice": "in_1zGtxJev3prgkywvFia33N1h", "pricing": {"type": "price_details", "price_details": {"price": "price_1vYli8JSliLh8cKWne8AsyMM", "product": "prod_JCqVIW3EOeU8bm"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_104yDWz1AEQ7ISXBfVllFDZZ", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "JMCMY21W-0002", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_104yDWz1AEQ7ISXBfVllFDZZ"}}, "status": "open", "created": 1800595162, "currency": "usd", "customer": "cus_lV7xGL07F9sWQX", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1800595162, "test_clock": null, "amount_paid": 0, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:39601/i/aW5fMXpHdHhKZXYzcHJna3l3dkZpYTMzTjFoLjE4MDMxOTA3NjIuNlg0b3hDTHguYjNkMDg3YTE2Y2JhYmQ1ZQ/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": true, "effective_at": 1800598762, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916762, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 52de05", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-52de05.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 250000, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:39601/i/aW5fMXpHdHhKZXYzcHJna3l3dkZpYTMzTjFoLjE4MDMxOTA3NjIuNlg0b3hDTHguYjNkMDg3YTE2Y2JhYmQ1ZQ", "status_transitions": {"paid_at": null, "voided_at": null, "finalized_at": 1800598762, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": 1800685162, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('sub_1I95SmiJgfedX0U7Cjnepabj', 'subscription', 'cus_UBBPdjG4zr7JiR', NULL, 'active', '2026-12-22 05:19:21+00', '2027-01-22 05:19:21+00', '2027-01-22 05:19:22+00', false, 3, '{"id": "sub_1I95SmiJgfedX0U7Cjnepabj", "items": {"url": "/v1/subscription_items?subscription=sub_1I95SmiJgfedX0U7Cjnepabj", "data": [{"id": "si_LrRJzwzOW4XX2o", "plan": {"id": "price_1bMsnQ68hCcMfuPTxSacnGeQ", "meter": null, "active": true, "amount": 250000, "object": "plan", "created": 1797916761, "product": "prod_4QoOC7jeYxWT5f", "currency": "usd", "interval": "month", "livemode": false, "metadata": {}, "nickname": null, "tiers_mode": null, "usage_type": "licensed", "amount_decimal": "250000", "billing_scheme": "per_unit", "interval_count": 1, "transform_usage": null, "trial_period_days": null}, "price": {"id": "price_1bMsnQ68hCcMfuPTxSacnGeQ", "type": "recurring", "active": true, "object": "price", "created": 1797916761, "product": "prod_4QoOC7jeYxWT5f", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}, "object": "subscription_item", "created": 1797916761, "metadata": {}, "quantity": 1, "discounts": [], "tax_rates": [], "subscription": "sub_1I95SmiJgfedX0U7Cjnepabj", "billing_thresholds": null, "current_period_end": 1803273561, "current_period_start": 1800595161}], "object": "list", "has_more": false}, "object": "subscription", "status": "active", "created": 1797916761, "currency": "usd", "customer": "cus_UBBPdjG4zr7JiR", "ended_at": null, "livemode": false, "metadata": {}, "schedule": null, "cancel_at": null, "discounts": [], "trial_end": null, "start_date": 1797916761, "test_clock": null, "application": null, "canceled_at": null, "description": null, "trial_start": null, "billing_mode": {"type": "flexible", "flexible": null}, "on_behalf_of": null, "automatic_tax": {"enabled": false, "liability": null, "disabled_reason": null}, "transfer_data": null, "days_until_due": null, "default_source": null, "latest_invoice": "in_15p5728rJ3eOkKvrf53irSBS", "pending_update": null, "status_details": null, "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "customer_account": null, "invoice_settings": {"issuer": {"type": "self"}, "account_tax_ids": null}, "pause_collection": null, "payment_settings": {"payment_method_types": null, "payment_method_options": null, "save_default_payment_method": "off"}, "billing_schedules": [], "collection_method": "charge_automatically", "default_tax_rates": [], "billing_thresholds": null, "billing_cycle_anchor": 1797916761, "cancel_at_period_end": false, "cancellation_details": {"reason": null, "comment": null, "feedback": null}, "pending_setup_intent": null, "default_payment_method": "pm_1am2VI5CEADQvcS38nzeiKi3", "application_fee_percent": null, "billing_cycle_anchor_config": null, "pending_invoice_item_interval": null, "next_pending_invoice_item_invoice": null}'),
	('pi_3ebOBhXeEdrTnlVZLYUeZRK7', 'payment_intent', 'cus_UBBPdjG4zr7JiR', NULL, 'succeeded', '2026-12-22 05:19:21+00', '2027-01-22 07:19:20.948041+00', '2027-01-22 07:19:23.999999+00', false, 3, '{"id": "pi_3ebOBhXeEdrTnlVZLYUeZRK7", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1797916761, "currency": "usd", "customer": "cus_UBBPdjG4zr7JiR", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription creation", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3ebOBhXeEdrTnlVZLYUeZRK7_secret_GsKybHyWNYmbpEOvzy30hgUf", "latest_charge": "ch_3KSD4GCD2hxz3MHIff6XqcgZ", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1am2VI5CEADQvcS38nzeiKi3", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('pm_1am2VI5CEADQvcS38nzeiKi3', 'payment_method', 'cus_UBBPdjG4zr7JiR', NULL, NULL, '2026-12-22 05:19:21+00', '2027-01-22 07:19:20.948041+00', '2027-01-22 07:19:23.999999+00', false, 2, '{"id": "pm_1am2VI5CEADQvcS38nzeiKi3", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1797916761, "customer": "cus_UBBPdjG4zr7JiR", "livemode": false, "metadata": {}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}'),
	('cus_lV7xGL07F9sWQX', 'customer', 'cus_lV7xGL07F9sWQX', NULL, NULL, '2026-12-22 05:19:22+00', '2027-01-22 06:19:22+00', '2027-01-22 06:19:23+00', false, 2, '{"id": "cus_lV7xGL07F9sWQX", "name": "Northbeck 52de05", "email": "pay@northbeck-52de05.example", "phone": null, "object": "customer", "address": null, "balance": 0, "created": 1797916762, "currency": "usd", "discount": null, "livemode": false, "metadata": {}, "shipping": null, "delinquent": true, "tax_exempt": "none", "test_clock": null, "description": null, "business_name": null, "default_source": null, "invoice_prefix": "JMCMY21W", "individual_name": null, "customer_account": null, "invoice_settings": {"footer": null, "custom_fields": null, "rendering_options": null, "default_payment_method": null}, "preferred_locales": [], "next_invoice_sequence": 3}'),
	('sub_104yDWz1AEQ7ISXBfVllFDZZ', 'subscription', 'cus_lV7xGL07F9sWQX', NULL, 'past_due', '2026-12-22 05:19:22+00', '2027-01-22 06:19:22+00', '2027-01-22 06:19:23+00', false, 1, '{"id": "sub_104yDWz1AEQ7ISXBfVllFDZZ", "items": {"url": "/v1/subscription_items?subscription=sub_104yDWz1AEQ7ISXBfVllFDZZ", "data": [{"id": "si_d2UxWozlvQUqrn", "plan": {"id": "price_1vYli8JSliLh8cKWne8AsyMM", "meter": null, "active": true, "amount": 250000, "object": "plan", "created": 1797916762, "product": "prod_JCqVIW3EOeU8bm", "currency": "usd", "interval": "month", "livemode": false, "metadata": {}, "nickname": null, "tiers_mode": null, "usage_type": "licensed", "amount_decimal": "250000", "billing_scheme": "per_unit", "interval_count": 1, "transform_usage": null, "trial_period_days": null}, "price": {"id": "price_1vYli8JSliLh8cKWne8AsyMM", "type": "recurring", "active": true, "object": "price", "created": 1797916762, "product": "prod_JCqVIW3EOeU8bm", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}, "object": "subscription_item", "created": 1797916762, "metadata": {}, "quantity": 1, "discounts": [], "tax_rates": [], "subscription": "sub_104yDWz1AEQ7ISXBfVllFDZZ", "billing_thresholds": null, "current_period_end": 1803273562, "current_period_start": 1800595162}], "object": "list", "has_more": false}, "object": "subscription", "status": "past_due", "created": 1797916762, "currency": "usd", "customer": "cus_lV7xGL07F9sWQX", "ended_at": null, "livemode": false, "metadata": {}, "schedule": null, "cancel_at": null, "discounts": [], "trial_end": null, "start_date": 1797916762, "test_clock": null, "application": null, "canceled_at": null, "description": null, "trial_start": null, "billing_mode": {"type": "flexible", "flexible": null}, "on_behalf_of": null, "automatic_tax": {"enabled": false, "liability": null, "disabled_reason": null}, "transfer_data": null, "days_until_due": null, "default_source": null, "latest_invoice": "in_1zGtxJev3prgkywvFia33N1h", "pending_update": null, "status_details": null, "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "customer_account": null, "invoice_settings": {"issuer": {"type": "self"}, "account_tax_ids": null}, "pause_collection": null, "payment_settings": {"payment_method_types": null, "payment_method_options": null, "save_default_payment_method": "off"}, "billing_schedules": [], "collection_method": "charge_automatically", "default_tax_rates": [], "billing_thresholds": null, "billing_cycle_anchor": 1797916762, "cancel_at_period_end": false, "cancellation_details": {"reason": null, "comment": null, "feedback": null}, "pending_setup_intent": null, "default_payment_method": "pm_1JFf3JfvSbHAkorSWllFYFnC", "application_fee_percent": null, "billing_cycle_anchor_config": null, "pending_invoice_item_interval": null, "next_pending_invoice_item_invoice": null}'),
	('in_1QjfCg4rNfMpRAHATaULkZM1', 'invoice', 'cus_lV7xGL07F9sWQX', NULL, 'paid', '2026-12-22 05:19:22+00', '2027-01-22 07:19:20.844156+00', '2027-01-22 07:19:23.999999+00', false, 1, '{"id": "in_1QjfCg4rNfMpRAHATaULkZM1", "lines": {"url": "/v1/invoices/in_1QjfCg4rNfMpRAHATaULkZM1/lines", "data": [{"id": "il_1pMedp7vdqkcR7vqMT77kUcx", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_104yDWz1AEQ7ISXBfVllFDZZ", "proration_details": {"credited_items": null}, "subscription_item": "si_d2UxWozlvQUqrn"}}, "period": {"end": 1800595162, "start": 1797916762}, "invoice": "in_1QjfCg4rNfMpRAHATaULkZM1", "pricing": {"type": "price_details", "price_details": {"price": "price_1vYli8JSliLh8cKWne8AsyMM", "product": "prod_JCqVIW3EOeU8bm"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_104yDWz1AEQ7ISXBfVllFDZZ", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "JMCMY21W-0001", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_104yDWz1AEQ7ISXBfVllFDZZ"}}, "status": "paid", "created": 1797916762, "currency": "usd", "customer": "cus_lV7xGL07F9sWQX", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1797916762, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:39601/i/aW5fMVFqZkNnNHJOZk1wUkFIQVRhVUxrWk0xLjE4MDE0NjYzNjMuSERrREpxeVcuYjRjMTU3OWI1M2ZhMmViYQ/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1797916762, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916762, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 52de05", "shipping_cost": null, "billing_reason": "subscription_create", "customer_email": "pay@northbeck-52de05.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:39601/i/aW5fMVFqZkNnNHJOZk1wUkFIQVRhVUxrWk0xLjE4MDE0NjYzNjMuSERrREpxeVcuYjRjMTU3OWI1M2ZhMmViYQ", "status_transitions": {"paid_at": 1797916762, "voided_at": null, "finalized_at": 1797916762, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('in_1leeV08LtKDbJdcU6LiuaFKt', 'invoice', 'cus_yutF8LXppwT9we', NULL, 'paid', '2027-01-21 03:19:15+00', '2027-01-22 07:19:20.810239+00', '2027-01-22 07:19:23.999999+00', false, 1, '{"id": "in_1leeV08LtKDbJdcU6LiuaFKt", "lines": {"url": "/v1/invoices/in_1leeV08LtKDbJdcU6LiuaFKt/lines", "data": [{"id": "il_108cVFBExRczhduftZGfYigS", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R", "proration_details": {"credited_items": null}, "subscription_item": "si_Gy6CspEmPnyeg2"}}, "period": {"end": 1803179955, "start": 1800501555}, "invoice": "in_1leeV08LtKDbJdcU6LiuaFKt", "pricing": {"type": "price_details", "price_details": {"price": "price_1phO27bjL2lW8BR9hKDlu2RY", "product": "prod_XLGCeCYQxBf9AG"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "ZT2BBQGC-0003", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1eyOgGXYsN91k38xeOynNc0R"}}, "status": "paid", "created": 1800501555, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1800501555, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:39601/i/aW5fMWxlZVYwOEx0S0RiSmRjVTZMaXVhRkt0LjE4MDMwOTcxNTUudTNza2hwT24uN2EzYzI5MmU1MGVlMGYzOA/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1800505155, "from_invoice": null, "on_behalf_of": null, "period_start": 1797823155, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 4bed51", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-4bed51.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:39601/i/aW5fMWxlZVYwOEx0S0RiSmRjVTZMaXVhRkt0LjE4MDMwOTcxNTUudTNza2hwT24uN2EzYzI5MmU1MGVlMGYzOA", "status_transitions": {"paid_at": 1800505155, "voided_at": null, "finalized_at": 1800505155, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('pi_3bhOP6s5dvC9QytLHt7sQ2e0', 'payment_intent', 'cus_lV7xGL07F9sWQX', NULL, 'succeeded', '2026-12-22 05:19:22+00', '2027-01-22 07:19:20.786142+00', '2027-01-22 07:19:23.999999+00', false, 1, '{"id": "pi_3bhOP6s5dvC9QytLHt7sQ2e0", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1797916762, "currency": "usd", "customer": "cus_lV7xGL07F9sWQX", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription creation", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3bhOP6s5dvC9QytLHt7sQ2e0_secret_5ZupJW0ah1bYpqs94XdBUDzE", "latest_charge": "ch_3418LGgCWxVTPX0mjwf2abVX", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1JFf3JfvSbHAkorSWllFYFnC", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('pi_3qTmNvhg4ldIXkabUv1aJ5ap', 'payment_intent', 'cus_yutF8LXppwT9we', NULL, 'succeeded', '2027-01-21 04:19:15+00', '2027-01-22 07:19:20.845162+00', '2027-01-22 07:19:23.999999+00', false, 1, '{"id": "pi_3qTmNvhg4ldIXkabUv1aJ5ap", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1800505155, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3qTmNvhg4ldIXkabUv1aJ5ap_secret_BXCYem85M1HWJqnLPylAqQu1", "latest_charge": "ch_31WxwORQb89aGVlgJIzW2Voz", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('ch_31WxwORQb89aGVlgJIzW2Voz', 'charge', 'cus_yutF8LXppwT9we', NULL, 'succeeded', '2027-01-21 04:19:15+00', '2027-01-22 07:19:20.936689+00', '2027-01-22 07:19:23.999998+00', false, 2, '{"id": "ch_31WxwORQb89aGVlgJIzW2Voz", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1800505155, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_yutF8LXppwT9we", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": "http://127.0.0.1:39601/receipts/ch_31WxwORQb89aGVlgJIzW2Voz", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3qTmNvhg4ldIXkabUv1aJ5ap", "payment_method": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('ch_3418LGgCWxVTPX0mjwf2abVX', 'charge', 'cus_lV7xGL07F9sWQX', NULL, 'succeeded', '2026-12-22 05:19:22+00', '2027-01-22 07:19:20.911072+00', '2027-01-22 07:19:23.999999+00', false, 2, '{"id": "ch_3418LGgCWxVTPX0mjwf2abVX", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1797916762, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_lV7xGL07F9sWQX", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription creation", "receipt_url": "http://127.0.0.1:39601/receipts/ch_3418LGgCWxVTPX0mjwf2abVX", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3bhOP6s5dvC9QytLHt7sQ2e0", "payment_method": "pm_1JFf3JfvSbHAkorSWllFYFnC", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('pm_1N2BFNrStZWzP3nfyT5VWkc0', 'payment_method', 'cus_yutF8LXppwT9we', NULL, NULL, '2026-11-21 03:19:15+00', '2027-01-22 07:19:20.936689+00', '2027-01-22 07:19:23.999998+00', false, 4, '{"id": "pm_1N2BFNrStZWzP3nfyT5VWkc0", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1795231155, "customer": "cus_yutF8LXppwT9we", "livemode": false, "metadata": {}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}'),
	('pi_3fSJadbUzc45zn5FV1WtLb8O', 'payment_intent', 'cus_lV7xGL07F9sWQX', NULL, 'requires_payment_method', '2027-01-22 06:19:22+00', '2027-01-22 07:19:21.871475+00', '2027-01-22 07:19:24.999998+00', false, 1, '{"id": "pi_3fSJadbUzc45zn5FV1WtLb8O", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "requires_payment_method", "created": 1800598762, "currency": "usd", "customer": "cus_lV7xGL07F9sWQX", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3fSJadbUzc45zn5FV1WtLb8O_secret_jeVtD39ShHI1nH1o9bIJhp2H", "latest_charge": "ch_3Hkn8xD1RIddeyOtFZs4ACwl", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": null, "transfer_group": null, "amount_received": 0, "customer_account": null, "amount_capturable": 0, "last_payment_error": {"code": "card_declined", "type": "card_error", "charge": "ch_3Hkn8xD1RIddeyOtFZs4ACwl", "doc_url": "https://stripe.com/docs/error-codes/card-declined", "message": "Your card has insufficient funds.", "advice_code": "try_again_later", "decline_code": "insufficient_funds", "payment_method": {"id": "pm_1JFf3JfvSbHAkorSWllFYFnC", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1797916762, "customer": "cus_lV7xGL07F9sWQX", "livemode": false, "metadata": {"sandbox_decline": "insufficient_funds"}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}}, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('pi_3vWGukwCaZwah4ceMmRN9WJs', 'payment_intent', 'cus_UBBPdjG4zr7JiR', NULL, 'succeeded', '2027-01-22 06:19:21+00', '2027-01-22 07:19:21.84159+00', '2027-01-22 07:19:24.999998+00', false, 1, '{"id": "pi_3vWGukwCaZwah4ceMmRN9WJs", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1800598761, "currency": "usd", "customer": "cus_UBBPdjG4zr7JiR", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3vWGukwCaZwah4ceMmRN9WJs_secret_pNitr2dn80Ce4BXdqCTyXsnq", "latest_charge": "ch_30EpP6fNXKqhwK4iAMQ8N2OR", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1am2VI5CEADQvcS38nzeiKi3", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('ch_30EpP6fNXKqhwK4iAMQ8N2OR', 'charge', 'cus_UBBPdjG4zr7JiR', NULL, 'succeeded', '2027-01-22 06:19:21+00', '2027-01-22 07:19:21.928968+00', '2027-01-22 07:19:24.999999+00', false, 2, '{"id": "ch_30EpP6fNXKqhwK4iAMQ8N2OR", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1800598761, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_UBBPdjG4zr7JiR", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": "http://127.0.0.1:39601/receipts/ch_30EpP6fNXKqhwK4iAMQ8N2OR", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3vWGukwCaZwah4ceMmRN9WJs", "payment_method": "pm_1am2VI5CEADQvcS38nzeiKi3", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('ch_3Hkn8xD1RIddeyOtFZs4ACwl', 'charge', 'cus_lV7xGL07F9sWQX', NULL, 'failed', '2027-01-22 06:19:22+00', '2027-01-22 07:19:21.90728+00', '2027-01-22 07:19:24.999998+00', false, 2, '{"id": "ch_3Hkn8xD1RIddeyOtFZs4ACwl", "paid": false, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "failed", "created": 1800598762, "outcome": {"type": "issuer_declined", "reason": "insufficient_funds", "risk_level": "normal", "risk_score": 20, "advice_code": "try_again_later", "network_status": "declined_by_network", "seller_message": "The bank returned the decline code `insufficient_funds`.", "network_advice_code": null, "network_decline_code": null}, "captured": false, "currency": "usd", "customer": "cus_lV7xGL07F9sWQX", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": null, "failure_code": "card_declined", "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3fSJadbUzc45zn5FV1WtLb8O", "payment_method": "pm_1JFf3JfvSbHAkorSWllFYFnC", "receipt_number": null, "transfer_group": null, "amount_captured": 0, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": "Your card has insufficient funds.", "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('inpay_15p5728rJ3eOkKvrf53irSBS', 'invoice_payment', 'cus_UBBPdjG4zr7JiR', 'in_15p5728rJ3eOkKvrf53irSBS', 'paid', '2027-01-22 06:19:21+00', '2027-01-22 07:19:21.928968+00', '2027-01-22 07:19:24.999999+00', false, 2, '{"id": "inpay_15p5728rJ3eOkKvrf53irSBS", "object": "invoice_payment", "status": "paid", "created": 1800598761, "invoice": "in_15p5728rJ3eOkKvrf53irSBS", "payment": {"type": "payment_intent", "payment_intent": "pi_3vWGukwCaZwah4ceMmRN9WJs"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1800598761, "canceled_at": null}}');


--
-- Data for Name: mirror_sync; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: notices; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outbox VALUES
	('msg_01m7y1v4c1842q4c4099vaytrp', 'pay@northbeck-4bed51.example', '{"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}', '<msg_01m7y1v4c1842q4c4099vaytrp@tai.example>', 'sent', 1, '', '2026-11-21 03:29:18.668422+00', '2026-12-22 05:19:18.887891+00'),
	('msg_01m7y1v9pmnem8d80xvnt17pjt', 'pay@northbeck-52de05.example', '{"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}', '<msg_01m7y1v9pmnem8d80xvnt17pjt@tai.example>', 'sent', 1, '', '2026-11-21 03:29:24.141598+00', '2027-01-22 07:19:24.442669+00');


--
-- Data for Name: outcomes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outcomes VALUES
	('cnt_01m7y1v4bd5036mfvybrpr6v3t', 'cust_01m7y1v3xv5c7yycnx1zj8kv7j', 'selfheal', true, '{prevent,selfheal}', '{10,10}', 20, 'usd', '2026-12-22 05:19:21.233501+00');


--
-- Data for Name: procrastinate_events; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_jobs; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_periodic_defers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_workers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: recovery_plans; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: recovery_steps; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: schema_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migrations VALUES
	('procrastinate', '2026-11-21 03:18:40.645448+00'),
	('procrastinate/00.00.00_01_initial.sql', '2026-11-21 03:18:40.750514+00'),
	('procrastinate/00.05.00_01_drop_started_at_column.sql', '2026-11-21 03:18:40.753486+00'),
	('procrastinate/00.05.00_02_drop_started_at_column.sql', '2026-11-21 03:18:40.759875+00'),
	('procrastinate/00.05.00_03_drop_procrastinate_version_table.sql', '2026-11-21 03:18:40.767759+00'),
	('procrastinate/00.06.00_01_fix_procrastinate_fetch_job.sql', '2026-11-21 03:18:40.778081+00'),
	('procrastinate/00.07.01_01_fix_trigger_status_events_insert.sql', '2026-11-21 03:18:40.780502+00'),
	('procrastinate/00.08.01_01_add_queueing_lock_column.sql', '2026-11-21 03:18:40.78487+00'),
	('procrastinate/00.10.00_01_close_fetch_job_race_condition.sql', '2026-11-21 03:18:40.785626+00'),
	('procrastinate/00.10.00_02_add_defer_job_function.sql', '2026-11-21 03:18:40.786283+00'),
	('procrastinate/00.11.00_03_add_procrastinate_periodic_defers.sql', '2026-11-21 03:18:40.786854+00'),
	('procrastinate/00.12.00_01_add_foreign_key_index.sql', '2026-11-21 03:18:40.787424+00'),
	('procrastinate/00.14.00_01_add_locks_to_periodic_defer.sql', '2026-11-21 03:18:40.787943+00'),
	('procrastinate/00.15.02_01_fix_procrastinate_defer_periodic_job.sql', '2026-11-21 03:18:40.788517+00'),
	('procrastinate/00.16.00_01_add_finish_job_and_retry_job_functions.sql', '2026-11-21 03:18:40.78991+00'),
	('procrastinate/00.17.00_01_add_trigger_on_job_deletion.sql', '2026-11-21 03:18:40.792696+00'),
	('procrastinate/00.17.00_02_delete_finished_jobs.sql', '2026-11-21 03:18:40.800633+00'),
	('procrastinate/00.17.00_03_add_checks_to_finish_job.sql', '2026-11-21 03:18:40.811876+00'),
	('procrastinate/00.17.00_04_add_checks_to_retry_job.sql', '2026-11-21 03:18:40.81253+00'),
	('procrastinate/00.18.01_01_fix_finish_job_compat_issue.sql', '2026-11-21 03:18:40.813036+00'),
	('procrastinate/00.19.00_01_add_index_on_procrastinate_jobs.sql', '2026-11-21 03:18:40.813594+00'),
	('procrastinate/00.22.00_01_add_kwargs_to_defer_periodic_job.sql', '2026-11-21 03:18:40.817118+00'),
	('procrastinate/00.23.00_01_null_locks_excluded.sql', '2026-11-21 03:18:40.817701+00'),
	('procrastinate/01.00.00_01_remove_old_finish_job_function.sql', '2026-11-21 03:18:40.818309+00'),
	('procrastinate/01.01.01_01_job_id_bigint.sql', '2026-11-21 03:18:40.818873+00'),
	('procrastinate/02.00.03_01_add_job_priority.sql', '2026-11-21 03:18:40.819481+00'),
	('procrastinate/02.05.00_01_add_periodic_job_priority.sql', '2026-11-21 03:18:40.820653+00'),
	('procrastinate/02.06.00_01_add_cancel_states.sql', '2026-11-21 03:18:40.8225+00'),
	('procrastinate/02.08.00_01_add_additional_params_to_retry_job.sql', '2026-11-21 03:18:40.823174+00'),
	('procrastinate/02.14.01_01_add_indexes_for_fetch_job.sql', '2026-11-21 03:18:40.825979+00'),
	('procrastinate/03.00.00_01_pre_cancel_notification.sql', '2026-11-21 03:18:40.833561+00'),
	('procrastinate/03.00.00_50_post_cancel_notification.sql', '2026-11-21 03:18:40.834011+00'),
	('procrastinate/03.01.00_01_pre_add_heartbeat.sql', '2026-11-21 03:18:40.834567+00'),
	('procrastinate/03.01.00_50_post_add_heartbeat.sql', '2026-11-21 03:18:40.83513+00'),
	('procrastinate/03.02.00_01_pre_batch_defer_jobs.sql', '2026-11-21 03:18:40.8357+00'),
	('procrastinate/03.02.00_50_post_batch_defer_jobs.sql', '2026-11-21 03:18:40.839913+00'),
	('procrastinate/03.03.00_01_pre_priority_lock_fetch_job.sql', '2026-11-21 03:18:40.841759+00'),
	('procrastinate/03.04.00_01_pre_add_retry_failed_job_procedure.sql', '2026-11-21 03:18:40.844843+00'),
	('procrastinate/03.04.00_50_post_add_retry_failed_job_procedure.sql', '2026-11-21 03:18:40.850571+00'),
	('20261121000000_kit.sql', '2026-11-21 03:18:40.851932+00'),
	('20261121000100_mirror.sql', '2026-11-21 03:18:40.887633+00'),
	('20261121000200_people.sql', '2026-11-21 03:18:40.929243+00'),
	('20261121000210_audit.sql', '2026-11-21 03:18:40.948887+00'),
	('20261121000220_cases.sql', '2026-11-21 03:18:40.953895+00'),
	('20261121000300_actions.sql', '2026-11-21 03:18:41.003366+00'),
	('20261121000400_selfheal.sql', '2026-11-21 03:18:41.035274+00'),
	('20261121000500_prevent.sql', '2026-11-21 03:18:41.044751+00');


--
-- Data for Name: session_urls; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: signing_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signing_keys VALUES
	('key_01m7y1v4bxqdvkgen56km2v7df', '\x597fcb44c3089dd511a46262b436ce9c5359dfa1b399452d65a97edac0decfd8', '2026-11-21 03:19:18.65314+00', NULL);


--
-- Data for Name: stripe_inbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.stripe_inbox VALUES
	('evt_1O5KZ9JUnNJecxZFYfdI3Ewa', 'customer.created', 'customer', 'cus_YQCqXihSe1x6r1', '2027-01-22 07:19:27+00', '2026-10-28.endive', '\x7b2263726561746564223a313830303630323336372c226170695f76657273696f6e223a22323032362d31302d32382e656e64697665222c2264617461223a7b226f626a656374223a7b2263726561746564223a313830303630323336372c226e616d65223a224c617465204c61726368222c22656d61696c223a226c617465406c617263682e6578616d706c65222c2270686f6e65223a6e756c6c2c226465736372697074696f6e223a6e756c6c2c22627573696e6573735f6e616d65223a6e756c6c2c22696e646976696475616c5f6e616d65223a6e756c6c2c2261646472657373223a6e756c6c2c227368697070696e67223a6e756c6c2c2263757272656e6379223a6e756c6c2c22746573745f636c6f636b223a6e756c6c2c2262616c616e6365223a302c2264656661756c745f736f75726365223a6e756c6c2c2264656c696e7175656e74223a66616c73652c22646973636f756e74223a6e756c6c2c22696e766f6963655f707265666978223a22484a354d50545a30222c22696e766f6963655f73657474696e6773223a7b22637573746f6d5f6669656c6473223a6e756c6c2c2264656661756c745f7061796d656e745f6d6574686f64223a6e756c6c2c22666f6f746572223a6e756c6c2c2272656e646572696e675f6f7074696f6e73223a6e756c6c7d2c226c6976656d6f6465223a66616c73652c226d65746164617461223a7b7d2c226e6578745f696e766f6963655f73657175656e6365223a312c227072656665727265645f6c6f63616c6573223a5b5d2c227461785f6578656d7074223a226e6f6e65222c22637573746f6d65725f6163636f756e74223a6e756c6c2c226964223a226375735f5951437158696853653178367231222c226f626a656374223a22637573746f6d6572227d7d2c226c6976656d6f6465223a66616c73652c2270656e64696e675f776562686f6f6b73223a312c2272657175657374223a7b226964223a227265715f72524d3335644d4e7271707a5a74222c226964656d706f74656e63795f6b6579223a2234646231303831352d323062382d666436302d366439662d343934383537353937613030227d2c2274797065223a22637573746f6d65722e63726561746564222c226964223a226576745f314f354b5a394a556e4e4a6563785a465966644933457761222c226f626a656374223a226576656e74227d', '2026-11-21 03:19:27.639922+00', '2026-11-21 03:19:27.639922+00', 'waiting', 0, NULL);


--
-- Data for Name: tier_costs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tier_costs VALUES
	('prevent', 10, 'usd'),
	('selfheal', 10, 'usd'),
	('agent', 20, 'usd'),
	('human', 800, 'usd');


--
-- Data for Name: timers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.timers VALUES
	('contact.assume', 'cnt_01m7y1v7nwdp5t6xptyw879vjn', '2027-01-25 07:19:28.247477+00', '{}', 0, false, NULL);


--
-- Name: audit_entries_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.audit_entries_seq_seq', 6, true);


--
-- Name: cases_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.cases_number_seq', 1001, true);


--
-- Name: events_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.events_seq_seq', 101, true);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 10, true);


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 5, true);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, true);


--
-- Name: recovery_steps_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.recovery_steps_id_seq', 1, false);


--
-- Name: action_steps action_steps_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.action_steps
    ADD CONSTRAINT action_steps_pkey PRIMARY KEY (action, n);


--
-- Name: actions actions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_pkey PRIMARY KEY (id);


--
-- Name: api_tokens api_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);


--
-- Name: api_tokens api_tokens_secret_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_secret_hash_key UNIQUE (secret_hash);


--
-- Name: audit_entries audit_entries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_entries
    ADD CONSTRAINT audit_entries_pkey PRIMARY KEY (seq);


--
-- Name: cases cases_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_number_key UNIQUE (number);


--
-- Name: cases cases_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (id);


--
-- Name: contacts contacts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_pkey PRIMARY KEY (id);


--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: customers customers_stripe_customer_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_stripe_customer_key UNIQUE (stripe_customer);


--
-- Name: deliveries deliveries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (event, listener);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (seq);


--
-- Name: fix_runs fix_runs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.fix_runs
    ADD CONSTRAINT fix_runs_pkey PRIMARY KEY (id);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key);


--
-- Name: letter_choices letter_choices_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.letter_choices
    ADD CONSTRAINT letter_choices_pkey PRIMARY KEY (customer, topic);


--
-- Name: letter_choices letter_choices_secret_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.letter_choices
    ADD CONSTRAINT letter_choices_secret_key UNIQUE (secret);


--
-- Name: letter_rules letter_rules_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.letter_rules
    ADD CONSTRAINT letter_rules_pkey PRIMARY KEY (one);


--
-- Name: letters_written letters_written_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.letters_written
    ADD CONSTRAINT letters_written_pkey PRIMARY KEY (message);


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);


--
-- Name: mirror_contact mirror_contact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mirror_contact
    ADD CONSTRAINT mirror_contact_pkey PRIMARY KEY (one);


--
-- Name: mirror_objects mirror_objects_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mirror_objects
    ADD CONSTRAINT mirror_objects_pkey PRIMARY KEY (id);


--
-- Name: mirror_sync mirror_sync_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mirror_sync
    ADD CONSTRAINT mirror_sync_pkey PRIMARY KEY (kind);


--
-- Name: notices notices_kind_subject_mark_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_kind_subject_mark_key UNIQUE (kind, subject, mark);


--
-- Name: notices notices_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (id);


--
-- Name: outbox outbox_message_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_message_id_key UNIQUE (message_id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (message);


--
-- Name: outcomes outcomes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outcomes
    ADD CONSTRAINT outcomes_pkey PRIMARY KEY (contact);


--
-- Name: procrastinate_events procrastinate_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_jobs procrastinate_jobs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_unique; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);


--
-- Name: procrastinate_workers procrastinate_workers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);


--
-- Name: recovery_plans recovery_plans_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recovery_plans
    ADD CONSTRAINT recovery_plans_pkey PRIMARY KEY (invoice);


--
-- Name: recovery_steps recovery_steps_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recovery_steps
    ADD CONSTRAINT recovery_steps_pkey PRIMARY KEY (id);


--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);


--
-- Name: session_urls session_urls_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session_urls
    ADD CONSTRAINT session_urls_pkey PRIMARY KEY (action);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (secret_hash);


--
-- Name: signing_keys signing_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (id);


--
-- Name: stripe_inbox stripe_inbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stripe_inbox
    ADD CONSTRAINT stripe_inbox_pkey PRIMARY KEY (event_id);


--
-- Name: tier_costs tier_costs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tier_costs
    ADD CONSTRAINT tier_costs_pkey PRIMARY KEY (tier);


--
-- Name: timers timers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.timers
    ADD CONSTRAINT timers_pkey PRIMARY KEY (name, subject);


--
-- Name: actions_of_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_of_customer ON public.actions USING btree (customer, created_at DESC);


--
-- Name: actions_of_target; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX actions_of_target ON public.actions USING btree (target, created_at DESC);


--
-- Name: actions_one_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX actions_one_open ON public.actions USING btree (business_key) WHERE (state = ANY (ARRAY['requested'::text, 'awaiting_approval'::text, 'approved'::text, 'submitting'::text, 'unknown'::text]));


--
-- Name: actions_one_payment; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX actions_one_payment ON public.actions USING btree (target) WHERE ((kind = 'retry_payment'::text) AND (state = ANY (ARRAY['requested'::text, 'awaiting_approval'::text, 'approved'::text, 'submitting'::text, 'unknown'::text])));


--
-- Name: audit_entries_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entries_subject ON public.audit_entries USING btree (subject, seq);


--
-- Name: cases_contact; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cases_contact ON public.cases USING btree (contact);


--
-- Name: cases_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cases_customer ON public.cases USING btree (customer, id DESC);


--
-- Name: cases_one_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX cases_one_open ON public.cases USING btree (customer, reuse_key) WHERE (status = ANY (ARRAY['new'::text, 'open'::text, 'pending'::text, 'on_hold'::text]));


--
-- Name: contacts_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contacts_created ON public.contacts USING btree (created_at);


--
-- Name: contacts_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contacts_customer ON public.contacts USING btree (customer, id);


--
-- Name: contacts_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX contacts_open ON public.contacts USING btree (customer, channel, direction, subject) WHERE (ended_at IS NULL);


--
-- Name: contacts_open_about; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contacts_open_about ON public.contacts USING btree (subject) WHERE (ended_at IS NULL);


--
-- Name: deliveries_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX deliveries_due ON public.deliveries USING btree (next_at, event) WHERE (NOT dead);


--
-- Name: fix_runs_by_action; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX fix_runs_by_action ON public.fix_runs USING btree (action);


--
-- Name: fix_runs_by_invoice; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX fix_runs_by_invoice ON public.fix_runs USING btree (invoice) WHERE (state <> ALL (ARRAY['done'::text, 'failed'::text]));


--
-- Name: fix_runs_by_session; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX fix_runs_by_session ON public.fix_runs USING btree (session);


--
-- Name: fix_runs_of_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX fix_runs_of_customer ON public.fix_runs USING btree (customer, opened_at DESC);


--
-- Name: fix_runs_one_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX fix_runs_one_open ON public.fix_runs USING btree (customer, fix, target) WHERE (state <> ALL (ARRAY['done'::text, 'failed'::text]));


--
-- Name: idx_procrastinate_jobs_worker_not_null; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));


--
-- Name: idx_procrastinate_workers_last_heartbeat; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);


--
-- Name: letters_written_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX letters_written_customer ON public.letters_written USING btree (customer, at DESC);


--
-- Name: messages_case; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX messages_case ON public.messages USING btree (case_id, id) WHERE (case_id IS NOT NULL);


--
-- Name: messages_contact; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX messages_contact ON public.messages USING btree (contact, id);


--
-- Name: mirror_customers; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mirror_customers ON public.mirror_objects USING btree (id) WHERE ((kind = 'customer'::text) AND (NOT deleted));


--
-- Name: mirror_of_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mirror_of_customer ON public.mirror_objects USING btree (customer, kind, created DESC);


--
-- Name: mirror_open_invoices; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mirror_open_invoices ON public.mirror_objects USING btree (customer, created DESC) WHERE ((kind = 'invoice'::text) AND (status = 'open'::text));


--
-- Name: mirror_orphans; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mirror_orphans ON public.mirror_objects USING btree (parent) WHERE (customer IS NULL);


--
-- Name: notices_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notices_customer ON public.notices USING btree (customer);


--
-- Name: outbox_failed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_failed ON public.outbox USING btree (state_changed_at) WHERE (state = 'failed'::text);


--
-- Name: outbox_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_waiting ON public.outbox USING btree (next_at) WHERE (state = 'waiting'::text);


--
-- Name: outcomes_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outcomes_at ON public.outcomes USING btree (at, contact);


--
-- Name: procrastinate_events_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);


--
-- Name: procrastinate_jobs_id_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));


--
-- Name: procrastinate_jobs_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_priority_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_queue_name_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);


--
-- Name: procrastinate_jobs_queueing_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_periodic_defers_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);


--
-- Name: recovery_plans_opened; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX recovery_plans_opened ON public.recovery_plans USING btree (opened_at);


--
-- Name: recovery_plans_running; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX recovery_plans_running ON public.recovery_plans USING btree (customer) WHERE (state = 'running'::text);


--
-- Name: recovery_steps_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX recovery_steps_of ON public.recovery_steps USING btree (invoice, due_at);


--
-- Name: recovery_steps_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX recovery_steps_once ON public.recovery_steps USING btree (invoice, kind, name, planned_at);


--
-- Name: session_urls_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_urls_expiry ON public.session_urls USING btree (expires_at);


--
-- Name: sessions_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);


--
-- Name: sessions_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_person ON public.sessions USING btree (person) WHERE (kind = 'staff'::text);


--
-- Name: signing_keys_one_in_use; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX signing_keys_one_in_use ON public.signing_keys USING btree ((true)) WHERE (retired_at IS NULL);


--
-- Name: stripe_inbox_aside; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stripe_inbox_aside ON public.stripe_inbox USING btree (received_at) WHERE (state = 'aside'::text);


--
-- Name: stripe_inbox_done; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stripe_inbox_done ON public.stripe_inbox USING btree (received_at) WHERE (state = 'done'::text);


--
-- Name: stripe_inbox_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stripe_inbox_waiting ON public.stripe_inbox USING btree (not_before) WHERE (state = 'waiting'::text);


--
-- Name: timers_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX timers_due ON public.timers USING btree (due_at) WHERE (NOT dead);


--
-- Name: audit_entries audit_entries_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_entries_stay BEFORE DELETE OR UPDATE ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION public.audit_entries_stay();


--
-- Name: audit_entries audit_entries_stay_whole; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_entries_stay_whole BEFORE TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION public.audit_entries_stay();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_aborted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_inserted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_abort_requested_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_delete_jobs_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_scheduled_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_insert_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_update_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();


--
-- Name: action_steps action_steps_action_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.action_steps
    ADD CONSTRAINT action_steps_action_fkey FOREIGN KEY (action) REFERENCES public.actions(id) ON DELETE CASCADE;


--
-- Name: actions actions_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.actions
    ADD CONSTRAINT actions_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: cases cases_contact_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_contact_fkey FOREIGN KEY (contact) REFERENCES public.contacts(id);


--
-- Name: cases cases_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: contacts contacts_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: deliveries deliveries_event_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_event_fkey FOREIGN KEY (event) REFERENCES public.events(seq) ON DELETE CASCADE;


--
-- Name: letter_choices letter_choices_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.letter_choices
    ADD CONSTRAINT letter_choices_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: letters_written letters_written_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.letters_written
    ADD CONSTRAINT letters_written_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: letters_written letters_written_message_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.letters_written
    ADD CONSTRAINT letters_written_message_fkey FOREIGN KEY (message) REFERENCES public.messages(id);


--
-- Name: messages messages_case_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.cases(id);


--
-- Name: messages messages_contact_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_contact_fkey FOREIGN KEY (contact) REFERENCES public.contacts(id);


--
-- Name: messages messages_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: notices notices_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: outbox outbox_message_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_message_fkey FOREIGN KEY (message) REFERENCES public.messages(id);


--
-- Name: outcomes outcomes_contact_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outcomes
    ADD CONSTRAINT outcomes_contact_fkey FOREIGN KEY (contact) REFERENCES public.contacts(id);


--
-- Name: outcomes outcomes_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outcomes
    ADD CONSTRAINT outcomes_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: procrastinate_events procrastinate_events_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;


--
-- Name: procrastinate_jobs procrastinate_jobs_worker_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);


--
-- Name: recovery_plans recovery_plans_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recovery_plans
    ADD CONSTRAINT recovery_plans_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id);


--
-- Name: recovery_steps recovery_steps_invoice_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recovery_steps
    ADD CONSTRAINT recovery_steps_invoice_fkey FOREIGN KEY (invoice) REFERENCES public.recovery_plans(invoice);


--
-- Name: session_urls session_urls_action_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session_urls
    ADD CONSTRAINT session_urls_action_fkey FOREIGN KEY (action) REFERENCES public.actions(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_customer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_customer_fkey FOREIGN KEY (customer) REFERENCES public.customers(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--
