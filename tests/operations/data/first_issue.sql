-- A database as commit e99f4f6 left it, the first that was complete: made-up people in mid-flow.


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
	('act_01m7y1dt21g4nme2kpy6jvscnb', 0, 'requested', '2026-12-22 05:12:02.086906+00', 'asked'),
	('act_01m7y1dt21g4nme2kpy6jvscnb', 1, 'approved', '2026-12-22 05:12:02.086906+00', 'policy.allow'),
	('act_01m7y1dt21g4nme2kpy6jvscnb', 2, 'submitting', '2026-12-22 05:12:02.133598+00', 'worker.sends'),
	('act_01m7y1dt21g4nme2kpy6jvscnb', 3, 'succeeded', '2026-12-22 05:12:02.193714+00', 'stripe.answered');


--
-- Data for Name: actions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.actions VALUES
	('act_01m7y1dt21g4nme2kpy6jvscnb', 'retry_payment', 'cust_01m7y1dshhbqcbcc086pg4744x', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', 250000, 'usd', 'fix', '{"payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp"}', '{"id": "cust_01m7y1dshhbqcbcc086pg4744x", "kind": "customer", "role": "billing", "verified": true}', 'succeeded', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "content": "", "verdict": "allow", "explanation": "This can be done right away.", "explanation_for_staff": "Every rule is kept: kind.possible, who.may_pay, who.mail_link, payment.invoice_open, payment.amount, payment.currency, payment.disputed, payment.method_known, payment.needs_customer, payment.closed_by_bank, payment.tries, payment.in_turn, automatic.running."}', 'retry:in_1qo6kONn6lyHMNwlgzZCZ4zk:2', NULL, NULL, '2026-12-22 05:12:02.086906+00', '2026-12-22 05:12:02.133598+00', 1, 0, '2026-12-22 05:12:02.193714+00', '{"status": "paid", "invoice": "in_1qo6kONn6lyHMNwlgzZCZ4zk", "amount_paid": 250000, "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp"}', NULL);


--
-- Data for Name: api_tokens; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: audit_entries; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_entries OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-12-22 05:12:02.086906+00', 'customer', 'cust_01m7y1dshhbqcbcc086pg4744x', 'billing', 'action.requested', 'act_01m7y1dt21g4nme2kpy6jvscnb', 'cust_01m7y1dshhbqcbcc086pg4744x', 'retry_payment', NULL, '{"kind": "retry_payment", "amount": 250000, "target": "in_1qo6kONn6lyHMNwlgzZCZ4zk", "asked_by": "customer:cust_01m7y1dshhbqcbcc086pg4744x", "currency": "usd"}'),
	(2, '2026-12-22 05:12:02.086906+00', 'customer', 'cust_01m7y1dshhbqcbcc086pg4744x', 'billing', 'action.approved', 'act_01m7y1dt21g4nme2kpy6jvscnb', 'cust_01m7y1dshhbqcbcc086pg4744x', 'policy.allow', '{"state": "requested"}', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "state": "approved", "attempts": 0}'),
	(3, '2026-12-22 05:12:02.133598+00', 'system', 'worker', '', 'action.submitting', 'act_01m7y1dt21g4nme2kpy6jvscnb', 'cust_01m7y1dshhbqcbcc086pg4744x', 'worker.sends', '{"state": "approved"}', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "state": "submitting", "attempts": 1}'),
	(4, '2026-12-22 05:12:02.193714+00', 'system', 'worker', '', 'action.succeeded', 'act_01m7y1dt21g4nme2kpy6jvscnb', 'cust_01m7y1dshhbqcbcc086pg4744x', 'stripe.answered', '{"state": "submitting"}', '{"rules": ["kind.possible", "who.may_pay", "who.mail_link", "payment.invoice_open", "payment.amount", "payment.currency", "payment.disputed", "payment.method_known", "payment.needs_customer", "payment.closed_by_bank", "payment.tries", "payment.in_turn", "automatic.running"], "state": "succeeded", "status": "paid", "invoice": "in_1qo6kONn6lyHMNwlgzZCZ4zk", "attempts": 1, "amount_paid": 250000, "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp"}'),
	(5, '2026-12-22 05:12:02.827313+00', 'customer', 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'billing', 'case.opened', 'case_01m7y1dtrzj80kz6kw036yaxj2', 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'asked', NULL, '{"about": "cus_pZgm4P7dMNkeVY", "number": 1001, "severity": "medium"}'),
	(6, '2027-01-22 07:12:06.632128+00', 'staff', 'admin', 'admin', 'case.set', 'case_01m7y1dtrzj80kz6kw036yaxj2', 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'answered', '{"level": "support", "status": "new", "severity": "medium"}', '{"level": "support", "status": "pending", "severity": "medium"}');


--
-- Data for Name: cases; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cases OVERRIDING SYSTEM VALUE VALUES
	('case_01m7y1dtrzj80kz6kw036yaxj2', 1001, 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'cnt_01m7y1dtrt6yejt40reatf6h3d', 'Everything is in order', 'cus_pZgm4P7dMNkeVY', 'cus_pZgm4P7dMNkeVY', 'Asked for a person, and added nothing. What the page showed is below.', 'pending', 'medium', 'support', 'asked', '{"tried": [], "actions": [], "diagnosis": {"as_of": "2026-12-22T05:12:02.717456+00:00", "status": "green", "sources": [{"name": "stripe", "as_of": "2026-12-22T05:12:02.717456+00:00", "state": "mirror"}], "customer": "cus_pZgm4P7dMNkeVY", "findings": [{"fix": null, "title": "Everything is in order", "status": "green", "evidence": {}, "root_cause": "healthy", "explanation": "Nothing is late, and there is nothing to do.", "other_fixes": []}, {"fix": null, "title": "Your last invoice is paid", "status": "green", "evidence": {"invoice": "in_1YjTHN1lLFenIXOXo4kPqfCK"}, "root_cause": "healthy", "explanation": "You paid $2,500.00 for invoice 9EKFK0H4-0001 on Tuesday 22 December.", "other_fixes": []}, {"fix": null, "title": "Your card is valid", "status": "green", "evidence": {"payment_method": "pm_147JLQgwuwBTSdynutuw12Og"}, "root_cause": "healthy", "explanation": "Payments are taken from the Visa card ending 4242, valid to 12/2030.", "other_fixes": []}, {"fix": null, "title": "Your plan is active", "status": "green", "evidence": {"subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx"}, "root_cause": "healthy", "explanation": "The next payment is on Friday 22 January 2027.", "other_fixes": []}], "root_cause": "healthy", "explanation": "Nothing is late, and there is nothing to do.", "recommended_action": null, "self_serve_eligible": true}}', '2026-12-23 09:00:00+00', '2026-12-22 05:12:02.827313+00', '2027-01-22 07:12:06.632128+00', NULL);


--
-- Data for Name: contacts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.contacts VALUES
	('cnt_01m7y1dsrkn0m6xv5pmb6p58nr', 'cust_01m7y1dshhbqcbcc086pg4744x', 'mail', 'outbound', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', '{prevent,selfheal}', '2026-12-22 05:12:01.769455+00', '2026-12-22 05:12:02.086906+00', NULL, '2026-12-22 05:12:02.299767+00'),
	('cnt_01m7y1dv7s8323v7n05wfdzhrb', 'cust_01m7y1dv1g439awr4dtnzgr84c', 'mail', 'outbound', 'in_1su0hvbBaYenJ9u37NtZIrMg', '{prevent}', '2027-01-22 07:12:03.303877+00', NULL, NULL, NULL),
	('cnt_01m7y1dtrt6yejt40reatf6h3d', 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'web', 'inbound', 'cus_pZgm4P7dMNkeVY', '{human}', '2026-12-22 05:12:02.827313+00', '2026-12-22 05:12:02.827313+00', '2027-01-22 07:12:06.632128+00', NULL);


--
-- Data for Name: customers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.customers VALUES
	('cust_01m7y1dshhbqcbcc086pg4744x', 'cus_pE0hMkPojywdAZ', 'Northbeck 2c6028', 'pay@northbeck-2c6028.example', NULL, NULL, NULL, NULL, '2026-12-22 05:12:01.582185+00'),
	('cust_01m7y1dtnhn1zprgert2qt0ty5', 'cus_pZgm4P7dMNkeVY', 'Northbeck 0658a4', 'pay@northbeck-0658a4.example', NULL, NULL, NULL, NULL, '2026-12-22 05:12:02.734714+00'),
	('cust_01m7y1dv1g439awr4dtnzgr84c', 'cus_Q7cfKUCpMEq6H0', 'Northbeck ce1b0b', 'pay@northbeck-ce1b0b.example', NULL, NULL, NULL, NULL, '2027-01-22 07:12:03.11702+00');


--
-- Data for Name: deliveries; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.deliveries VALUES
	(101, 'desk.write', '2026-11-21 03:12:06.645813+00', 0, false, NULL);


--
-- Data for Name: events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(1, 'stripe.customer.created', 'cus_pE0hMkPojywdAZ', NULL, '{"kind": "customer", "event": "evt_16i4NAVbJDsr8BckXD9hQLnt", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.37802+00'),
	(2, 'stripe.payment_method.attached', 'pm_1csmGTvXubQC0seg0aTS9lsp', NULL, '{"kind": "payment_method", "event": "evt_1k3aZA0dqQfDVG80RvhJn2T6", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.37802+00'),
	(3, 'stripe.charge.succeeded', 'ch_3WwbiCIL25VYXxNQICQEbVw7', NULL, '{"kind": "charge", "event": "evt_1VTVGbNr1VZj5o5yLKShhb3g", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.409341+00'),
	(4, 'stripe.payment_intent.created', 'pi_3E5sUlu8JFsX08mfCt9V29Ed', NULL, '{"kind": "payment_intent", "event": "evt_1PEUtvFNX62tJLDpDpg3NPih", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(5, 'stripe.customer.subscription.created', 'sub_1M89InusyAfDAhbOKPwzMRBC', NULL, '{"kind": "subscription", "event": "evt_1QT34x8YGF2ucSxfUQTad0mS", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(6, 'stripe.invoice.updated', 'in_1syegbBeVwH1quGFSAzjmbm1', NULL, '{"kind": "invoice", "event": "evt_1a1iUG1KoBlzbcd130niG4ns", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(7, 'stripe.payment_intent.succeeded', 'pi_3E5sUlu8JFsX08mfCt9V29Ed', NULL, '{"kind": "payment_intent", "event": "evt_1c3nIOTkPqq3jFKYYS8gVsrj", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(8, 'stripe.invoice.created', 'in_1syegbBeVwH1quGFSAzjmbm1', NULL, '{"kind": "invoice", "event": "evt_1dnxIJnhtejxfUl4BNAAiSeh", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(9, 'stripe.invoice.paid', 'in_1syegbBeVwH1quGFSAzjmbm1', NULL, '{"kind": "invoice", "event": "evt_1fcaKFZKPtTx50MLUuoQXQLa", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(10, 'stripe.invoice.finalized', 'in_1syegbBeVwH1quGFSAzjmbm1', NULL, '{"kind": "invoice", "event": "evt_1fskindG9tWtnewi37Xa9o7X", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(11, 'stripe.customer.subscription.updated', 'sub_1M89InusyAfDAhbOKPwzMRBC', NULL, '{"kind": "subscription", "event": "evt_1kgOCSzfx8jkj3KLEwNApLCM", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(12, 'stripe.invoice.payment_succeeded', 'in_1syegbBeVwH1quGFSAzjmbm1', NULL, '{"kind": "invoice", "event": "evt_1mZliTThaZISbDad0eiPoDyu", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.451182+00'),
	(13, 'stripe.payment_method.updated', 'pm_1csmGTvXubQC0seg0aTS9lsp', NULL, '{"kind": "payment_method", "event": "evt_15E7kVs6iFZuAqJEixoipd2j", "customer": "cus_pE0hMkPojywdAZ"}', '2026-11-21 03:12:01.48745+00'),
	(14, 'stripe.invoice.upcoming', 'upcoming_in_1PJqQoSbuwDVtglt6Rk0tfrh', NULL, '{"kind": "invoice", "event": "evt_1FMlujmDOHRGZJNMHlpDTRj1", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(15, 'stripe.customer.subscription.updated', 'sub_1M89InusyAfDAhbOKPwzMRBC', NULL, '{"kind": "subscription", "event": "evt_1lKmYiLDCAXicVGTOeWM2qA5", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(16, 'stripe.payment_intent.created', 'pi_3aZSNQdXv7GNCxJHJ4WQb54W', NULL, '{"kind": "payment_intent", "event": "evt_13GljEdqbaKdtglG44Ukpbfb", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(17, 'stripe.customer.subscription.updated', 'sub_1M89InusyAfDAhbOKPwzMRBC', NULL, '{"kind": "subscription", "event": "evt_1GeGcX4k38ejKRqOTswDcLub", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(18, 'stripe.payment_intent.payment_failed', 'pi_3aZSNQdXv7GNCxJHJ4WQb54W', NULL, '{"kind": "payment_intent", "event": "evt_1GpPYJjVHHeLGHE8Kr1dxuhw", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(19, 'stripe.customer.updated', 'cus_pE0hMkPojywdAZ', NULL, '{"kind": "customer", "event": "evt_1OjoYLWDCaPQLGvfJlrCqYVR", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(20, 'stripe.charge.failed', 'ch_34VGgw0b9U4x1bvIrKfr658G', NULL, '{"kind": "charge", "event": "evt_1pke2Qza49wBSKXM07tZyE5U", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(21, 'stripe.charge.failed', 'ch_3Bc004FHTZ3kumeZmcgjXBXV', NULL, '{"kind": "charge", "event": "evt_1GrZSxcqxQCpjDeUXf3PJzjm", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(22, 'stripe.payment_intent.payment_failed', 'pi_3aZSNQdXv7GNCxJHJ4WQb54W', NULL, '{"kind": "payment_intent", "event": "evt_1bH8uTcw1wIngVxaLbqV0ETg", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.628806+00'),
	(23, 'stripe.invoice.created', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_1xwmR4xR3y33i65jrpc889Z7", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.665683+00'),
	(24, 'stripe.invoice.payment_failed', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_12fZud7UrEuukMH3EhesG63x", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.665683+00'),
	(25, 'stripe.invoice.updated', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_17pgGVqZV2wj9o6SUo1qkKyg", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.665683+00'),
	(26, 'stripe.invoice.finalized', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_1X125tcVrfRvPxEaLhk32piM", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.665683+00'),
	(27, 'stripe.invoice.updated', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_18TUPLQnamPGiwowIV2dLAKo", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.665683+00'),
	(28, 'stripe.invoice.payment_failed', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_1hLCLQPbJULLpYxuPK4yrtSq", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:01.665683+00'),
	(29, 'mail.sent', 'msg_01m7y1dsrrc24m9rwxds5h4pqj', 'cust_01m7y1dshhbqcbcc086pg4744x', '{"contact": "cnt_01m7y1dsrkn0m6xv5pmb6p58nr"}', '2026-12-22 05:12:01.863878+00'),
	(30, 'stripe.payment_method.updated', 'pm_1csmGTvXubQC0seg0aTS9lsp', NULL, '{"kind": "payment_method", "event": "evt_1ix0UQBfZQVQsBpQQooUHspj", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.049771+00'),
	(31, 'action.approved', 'act_01m7y1dt21g4nme2kpy6jvscnb', 'cust_01m7y1dshhbqcbcc086pg4744x', '{"kind": "retry_payment", "target": "in_1qo6kONn6lyHMNwlgzZCZ4zk"}', '2026-12-22 05:12:02.086906+00'),
	(32, 'action.submitting', 'act_01m7y1dt21g4nme2kpy6jvscnb', 'cust_01m7y1dshhbqcbcc086pg4744x', '{"kind": "retry_payment", "target": "in_1qo6kONn6lyHMNwlgzZCZ4zk"}', '2026-12-22 05:12:02.133598+00'),
	(33, 'action.succeeded', 'act_01m7y1dt21g4nme2kpy6jvscnb', 'cust_01m7y1dshhbqcbcc086pg4744x', '{"kind": "retry_payment", "target": "in_1qo6kONn6lyHMNwlgzZCZ4zk"}', '2026-12-22 05:12:02.193714+00'),
	(34, 'stripe.customer.updated', 'cus_pE0hMkPojywdAZ', NULL, '{"kind": "customer", "event": "evt_1HFQ5ppPQ8nmWvKfaC2ZvQhF", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.199695+00'),
	(35, 'stripe.customer.subscription.updated', 'sub_1M89InusyAfDAhbOKPwzMRBC', NULL, '{"kind": "subscription", "event": "evt_1IrDf3Cr6dKt7PMihlATIbHY", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.199695+00'),
	(36, 'stripe.charge.succeeded', 'ch_33OxMXgZ8p3e3mSGEqA9ob01', NULL, '{"kind": "charge", "event": "evt_1Z17ex0p6qd6fCdbWMdKQUZo", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.199695+00'),
	(37, 'stripe.payment_intent.succeeded', 'pi_3aZSNQdXv7GNCxJHJ4WQb54W', NULL, '{"kind": "payment_intent", "event": "evt_1s5HuVPtUALOfAsEX3klEI7S", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.199695+00'),
	(38, 'stripe.invoice.paid', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_192M6rAgA1Ttoslkm0jakDD4", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.271432+00'),
	(39, 'stripe.invoice.updated', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_1DUvg3LwgJj5cAHd2JhtRJnq", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.271432+00'),
	(40, 'stripe.invoice.payment_succeeded', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', NULL, '{"kind": "invoice", "event": "evt_1nm5KmaH0LDcpiHZDMBucg5M", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:02.271432+00'),
	(41, 'contact.ended', 'cnt_01m7y1dsrkn0m6xv5pmb6p58nr', 'cust_01m7y1dshhbqcbcc086pg4744x', '{"tier": "selfheal", "subject": "in_1qo6kONn6lyHMNwlgzZCZ4zk", "confirmed": true}', '2026-12-22 05:12:02.299767+00'),
	(70, 'stripe.invoice.upcoming', 'upcoming_in_1G5AMkkkRyBZFlIeRAYKvyf7', NULL, '{"kind": "invoice", "event": "evt_182qsmu9ZCicU0XWTe2QhEx6", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.111886+00'),
	(71, 'stripe.customer.subscription.updated', 'sub_1M89InusyAfDAhbOKPwzMRBC', NULL, '{"kind": "subscription", "event": "evt_1tgErLhvI6eNfOaWWDSJVlcc", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.111886+00'),
	(72, 'stripe.charge.succeeded', 'ch_34qHU5q0bwzDoQEgXI47hBN4', NULL, '{"kind": "charge", "event": "evt_1VamG214h82G34YJ5ty6gmIj", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.111886+00'),
	(73, 'stripe.customer.subscription.updated', 'sub_15Yb1K8dvRt8YBQgwd5I5UMx', NULL, '{"kind": "subscription", "event": "evt_12W7zZIQob337TcC9BtgY0lW", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.111886+00'),
	(74, 'stripe.customer.subscription.updated', 'sub_1SMV5jtRGwa0N7DcmfTffeLu', NULL, '{"kind": "subscription", "event": "evt_1x2C4t0ryeHgizatgbmp7ph0", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.111886+00'),
	(75, 'stripe.charge.failed', 'ch_3l9Ohfmp4WV3GCm322OrGzJ2', NULL, '{"kind": "charge", "event": "evt_12K3AurNSHobtzb4bOqgOl2I", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.111886+00'),
	(76, 'stripe.charge.succeeded', 'ch_3dSdwanwjRdLaXrC2itKWDex', NULL, '{"kind": "charge", "event": "evt_1pwFNofWrOe6p5BvhibF7cep", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.111886+00'),
	(77, 'stripe.customer.subscription.updated', 'sub_1SMV5jtRGwa0N7DcmfTffeLu', NULL, '{"kind": "subscription", "event": "evt_1RBqXEeFnmtCcPdq4GO7hkye", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.243211+00'),
	(79, 'stripe.customer.updated', 'cus_Q7cfKUCpMEq6H0', NULL, '{"kind": "customer", "event": "evt_1RhjdVGzulv3gYXSdazfWLJD", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.243211+00');
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(42, 'stripe.payment_method.attached', 'pm_147JLQgwuwBTSdynutuw12Og', NULL, '{"kind": "payment_method", "event": "evt_1KZH8VCMOqyHf7YHKdZLRgwO", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.66015+00'),
	(43, 'stripe.customer.created', 'cus_pZgm4P7dMNkeVY', NULL, '{"kind": "customer", "event": "evt_1fOK7koE4RcoMXpEMDTql0Ph", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.66015+00'),
	(55, 'stripe.charge.succeeded', 'ch_3Kkx0plbFZxt5nbz2cWcFwBt', NULL, '{"kind": "charge", "event": "evt_1EWrxd3K3IMDhgo1hsehpYXS", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:02.944433+00'),
	(56, 'stripe.customer.created', 'cus_Q7cfKUCpMEq6H0', NULL, '{"kind": "customer", "event": "evt_1dwYvQ7VVlChLSeFi38tXwtR", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:02.944433+00'),
	(44, 'stripe.charge.succeeded', 'ch_3ZivrNwKwpcBHvJBKy3vwibY', NULL, '{"kind": "charge", "event": "evt_1ts80cSxSPdFezLBcZpmt7qy", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.679813+00'),
	(68, 'stripe.invoice.upcoming', 'upcoming_in_18qE0BD7LD7FbpUlGsZdgdHe', NULL, '{"kind": "invoice", "event": "evt_1JEXwvQpRgb7j5Qr91SLaVo8", "customer": "cus_pE0hMkPojywdAZ"}', '2026-12-22 05:12:03.06066+00'),
	(69, 'stripe.invoice.upcoming', 'upcoming_in_1nlwrdx6GXUKvwJpeamKsxae', NULL, '{"kind": "invoice", "event": "evt_1rGa6hRnS8mjmjoipjz64Kto", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:03.06066+00'),
	(99, 'mail.sent', 'msg_01m7y1dv7y2gcf80jdtvtgtycw', 'cust_01m7y1dv1g439awr4dtnzgr84c', '{"contact": "cnt_01m7y1dv7s8323v7n05wfdzhrb"}', '2027-01-22 07:12:03.387117+00'),
	(45, 'stripe.invoice.payment_succeeded', 'in_1YjTHN1lLFenIXOXo4kPqfCK', NULL, '{"kind": "invoice", "event": "evt_12egxz52dkfG46gglw2lxXOD", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(46, 'stripe.invoice.paid', 'in_1YjTHN1lLFenIXOXo4kPqfCK', NULL, '{"kind": "invoice", "event": "evt_15yYem2AbszgFyMdHpGSPn5e", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(47, 'stripe.invoice.updated', 'in_1YjTHN1lLFenIXOXo4kPqfCK', NULL, '{"kind": "invoice", "event": "evt_16NRMKfT7ogYfTzXwIhank0c", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(48, 'stripe.invoice.finalized', 'in_1YjTHN1lLFenIXOXo4kPqfCK', NULL, '{"kind": "invoice", "event": "evt_1F1SUXYJsXXE7Nn7J94eEaLn", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(49, 'stripe.customer.subscription.created', 'sub_15Yb1K8dvRt8YBQgwd5I5UMx', NULL, '{"kind": "subscription", "event": "evt_1FUkfrkdNTln6htgGpuQLndy", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(50, 'stripe.invoice.created', 'in_1YjTHN1lLFenIXOXo4kPqfCK', NULL, '{"kind": "invoice", "event": "evt_1Fb1rHdT5vfaHxkvG7xdlIdc", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(51, 'stripe.payment_intent.created', 'pi_3lIQsGu7Zl3EMi0eVv1CNre8', NULL, '{"kind": "payment_intent", "event": "evt_1LnD7Ob8sqeG35Rk1aLhvIhl", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(52, 'stripe.payment_intent.succeeded', 'pi_3lIQsGu7Zl3EMi0eVv1CNre8', NULL, '{"kind": "payment_intent", "event": "evt_1QrLKLLKn1IYlzqzZLIFkTZ9", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(53, 'stripe.customer.subscription.updated', 'sub_15Yb1K8dvRt8YBQgwd5I5UMx', NULL, '{"kind": "subscription", "event": "evt_1tJuUFIjBknLTfmGjrHu1BXE", "customer": "cus_pZgm4P7dMNkeVY"}', '2026-12-22 05:12:02.724544+00'),
	(54, 'case.opened', 'case_01m7y1dtrzj80kz6kw036yaxj2', 'cust_01m7y1dtnhn1zprgert2qt0ty5', '{"about": "cus_pZgm4P7dMNkeVY", "number": 1001, "because": "asked", "severity": "medium"}', '2026-12-22 05:12:02.827313+00'),
	(78, 'stripe.invoice.created', 'in_104KMZY3v9ElyjVNEqm8dfti', NULL, '{"kind": "invoice", "event": "evt_1dzxsXaBrWjk8TG02x2j7VMX", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.222236+00'),
	(80, 'stripe.payment_intent.created', 'pi_338BZMWVlBwvuUNmryi7VGpy', NULL, '{"kind": "payment_intent", "event": "evt_13dtC2fbG1NZqp46oLqOn5ST", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.222236+00'),
	(81, 'stripe.invoice.updated', 'in_104KMZY3v9ElyjVNEqm8dfti', NULL, '{"kind": "invoice", "event": "evt_1HSAzRFHtaQgtJjlu2t2Bop9", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.222236+00'),
	(82, 'stripe.invoice.paid', 'in_104KMZY3v9ElyjVNEqm8dfti', NULL, '{"kind": "invoice", "event": "evt_1YS5x8l1j5dNmgIJbhU8e8Li", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.222236+00'),
	(83, 'stripe.payment_intent.succeeded', 'pi_338BZMWVlBwvuUNmryi7VGpy', NULL, '{"kind": "payment_intent", "event": "evt_1bGkLATI8c0AaQQy1efSLw1h", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.222236+00'),
	(84, 'stripe.invoice.finalized', 'in_104KMZY3v9ElyjVNEqm8dfti', NULL, '{"kind": "invoice", "event": "evt_1goQMY0I38DCKahMYvstnLGD", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.222236+00'),
	(85, 'stripe.invoice.payment_succeeded', 'in_104KMZY3v9ElyjVNEqm8dfti', NULL, '{"kind": "invoice", "event": "evt_1tOgshePgHVf5PgeaGMNpsX9", "customer": "cus_pE0hMkPojywdAZ"}', '2027-01-22 07:12:03.222236+00'),
	(86, 'stripe.invoice.created', 'in_1su0hvbBaYenJ9u37NtZIrMg', NULL, '{"kind": "invoice", "event": "evt_1Ip1peZe5VrByMRF224DplPU", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.222236+00'),
	(87, 'stripe.invoice.created', 'in_1a1O1ra3cZANwJTD6gvWpqMi', NULL, '{"kind": "invoice", "event": "evt_1tw1ywZRaDYfGHmlmXYSi4SJ", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.222236+00'),
	(88, 'stripe.payment_intent.succeeded', 'pi_3eENPe1YiRJdpoxIxAo1aMuf', NULL, '{"kind": "payment_intent", "event": "evt_10Zd9rKKwcX3pzkiYlZV4gkh", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.222236+00'),
	(89, 'stripe.invoice.paid', 'in_1a1O1ra3cZANwJTD6gvWpqMi', NULL, '{"kind": "invoice", "event": "evt_18gcAb0O0MC9Asik6c5s3b3Q", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.222236+00'),
	(90, 'stripe.payment_intent.created', 'pi_3eENPe1YiRJdpoxIxAo1aMuf', NULL, '{"kind": "payment_intent", "event": "evt_1L5mCM5icvzarkzfyuH55qkb", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.222236+00'),
	(91, 'stripe.invoice.updated', 'in_1su0hvbBaYenJ9u37NtZIrMg', NULL, '{"kind": "invoice", "event": "evt_1NHdhdHPPE5kl7JraugI4fg5", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.222236+00'),
	(92, 'stripe.invoice.updated', 'in_1a1O1ra3cZANwJTD6gvWpqMi', NULL, '{"kind": "invoice", "event": "evt_1NU9fqLCgNFrQdiCBQqEhSvl", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.222236+00'),
	(93, 'stripe.payment_intent.created', 'pi_3ZHavAfbRZYlmPSkj5B2lCUT', NULL, '{"kind": "payment_intent", "event": "evt_1PmLcSAQST81862iZCsYf0Nz", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.222236+00'),
	(94, 'stripe.invoice.payment_failed', 'in_1su0hvbBaYenJ9u37NtZIrMg', NULL, '{"kind": "invoice", "event": "evt_1bupKDOq6HxpDdx4T8JW4HYQ", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.222236+00'),
	(95, 'stripe.invoice.finalized', 'in_1su0hvbBaYenJ9u37NtZIrMg', NULL, '{"kind": "invoice", "event": "evt_1lWDAgFGcMINzEw37CNQ43Kc", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.222236+00'),
	(96, 'stripe.payment_intent.payment_failed', 'pi_3ZHavAfbRZYlmPSkj5B2lCUT', NULL, '{"kind": "payment_intent", "event": "evt_1qtemMLgapPPzk2m5dc0DZz4", "customer": "cus_Q7cfKUCpMEq6H0"}', '2027-01-22 07:12:03.222236+00'),
	(97, 'stripe.invoice.payment_succeeded', 'in_1a1O1ra3cZANwJTD6gvWpqMi', NULL, '{"kind": "invoice", "event": "evt_1tGJoAQVAxqapgYwUTYLVTyB", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.222236+00'),
	(98, 'stripe.invoice.finalized', 'in_1a1O1ra3cZANwJTD6gvWpqMi', NULL, '{"kind": "invoice", "event": "evt_1xEzjn1fYaKX9HW3zNMk8jlC", "customer": "cus_pZgm4P7dMNkeVY"}', '2027-01-22 07:12:03.222236+00'),
	(57, 'stripe.invoice.updated', 'in_1EmCIeiPFI0LRJx7lkQFgnf2', NULL, '{"kind": "invoice", "event": "evt_12CaKZfMWrmLJ649VTk92lII", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(58, 'stripe.payment_method.updated', 'pm_1eIIByCgPOUJgiCpivcbriPw', NULL, '{"kind": "payment_method", "event": "evt_1AOLHYEuTW41IP4AL5UxzUJp", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(59, 'stripe.invoice.finalized', 'in_1EmCIeiPFI0LRJx7lkQFgnf2', NULL, '{"kind": "invoice", "event": "evt_1FZfc7oghR0BhcxGsbL1cjxO", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(60, 'stripe.payment_method.attached', 'pm_1eIIByCgPOUJgiCpivcbriPw', NULL, '{"kind": "payment_method", "event": "evt_1MyDDh0SMXtZWPl6G7aorRSl", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(61, 'stripe.payment_intent.succeeded', 'pi_36pZTrzQtjP1DBE9DcEoxHgr', NULL, '{"kind": "payment_intent", "event": "evt_1UjKpV6xeSGq5R6byCiW5Tbc", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(62, 'stripe.payment_intent.created', 'pi_36pZTrzQtjP1DBE9DcEoxHgr', NULL, '{"kind": "payment_intent", "event": "evt_1cj24qisdPuS9sfobD5kU4oU", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(63, 'stripe.invoice.payment_succeeded', 'in_1EmCIeiPFI0LRJx7lkQFgnf2', NULL, '{"kind": "invoice", "event": "evt_1hhUCziJtIjfSOOXV2HC5U0I", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(64, 'stripe.customer.subscription.updated', 'sub_1SMV5jtRGwa0N7DcmfTffeLu', NULL, '{"kind": "subscription", "event": "evt_1jiJa76qQHbCrKjcaiNzFHN1", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(65, 'stripe.customer.subscription.created', 'sub_1SMV5jtRGwa0N7DcmfTffeLu', NULL, '{"kind": "subscription", "event": "evt_1qKE4mUls2AsBxrKgYxNZkez", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(66, 'stripe.invoice.paid', 'in_1EmCIeiPFI0LRJx7lkQFgnf2', NULL, '{"kind": "invoice", "event": "evt_1wkg8SN2dQc9vhcTddnioYKm", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(67, 'stripe.invoice.created', 'in_1EmCIeiPFI0LRJx7lkQFgnf2', NULL, '{"kind": "invoice", "event": "evt_1y8MDAeoZziYArzblhKGbkYF", "customer": "cus_Q7cfKUCpMEq6H0"}', '2026-12-22 05:12:03.002476+00'),
	(100, 'case.set', 'case_01m7y1dtrzj80kz6kw036yaxj2', 'cust_01m7y1dtnhn1zprgert2qt0ty5', '{"level": "support", "status": "pending", "severity": "medium"}', '2027-01-22 07:12:06.632128+00');
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(101, 'case.answered', 'case_01m7y1dtrzj80kz6kw036yaxj2', 'cust_01m7y1dtnhn1zprgert2qt0ty5', '{"message": "msg_01m7y1dyfeex1zrav80enfgyp6"}', '2027-01-22 07:12:06.632128+00');


--
-- Data for Name: fix_runs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.fix_runs VALUES
	('fix_01m7y1dt1nkmkzqawppbttq5px', 'cust_01m7y1dshhbqcbcc086pg4744x', 'retry_payment', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', 'done', '{"id": "cust_01m7y1dshhbqcbcc086pg4744x", "kind": "customer", "role": "billing", "verified": true}', 'cnt_01m7y1dsrkn0m6xv5pmb6p58nr', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', 'subscription.default_payment_method', 'sub_1M89InusyAfDAhbOKPwzMRBC', NULL, 'act_01m7y1dt21g4nme2kpy6jvscnb', NULL, '2026-12-22 05:12:02.086906+00', '2026-12-22 05:12:02.251577+00');


--
-- Data for Name: idempotency_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idempotency_keys VALUES
	('api:customer:cust_01m7y1dshhbqcbcc086pg4744x', '6053be5e3e03a9ea', '60aa667e3ee7a0899b390b1106e8c16e263f0d2dc94148a524653a8b2c089319', '{"run": "fix_01m7y1dt1nkmkzqawppbttq5px", "url": null, "case": null, "action": "act_01m7y1dt21g4nme2kpy6jvscnb", "status": "working"}', '2026-12-22 05:12:02.086906+00'),
	('api:customer:cust_01m7y1dtnhn1zprgert2qt0ty5', 'fd242578038fec36', 'b7c50552db76db942190065d492582a6afff73f2690b550c5f27b03ddc8b8947', '{"run": null, "url": null, "case": "case_01m7y1dtrzj80kz6kw036yaxj2", "action": null, "status": "escalated"}', '2026-12-22 05:12:02.827313+00'),
	('api:staff:admin', 'one', 'b27cda0dda06f7e7f9763befba043562f77f1541d5e5660b32197d4a597684ae', '{"id": "msg_01m7y1dyfeex1zrav80enfgyp6", "text": "We looked, and all is well.", "author": "staff", "direction": "out", "created_at": "2027-01-22T07:12:06.632128+00:00"}', '2027-01-22 07:12:06.632128+00');


--
-- Data for Name: messages; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.messages VALUES
	('msg_01m7y1dsrrc24m9rwxds5h4pqj', 'cnt_01m7y1dsrkn0m6xv5pmb6p58nr', NULL, 'cust_01m7y1dshhbqcbcc086pg4744x', 'out', 'system', 'worker', 'Your December payment did not go through', 'On Tuesday 22 December we asked your bank for $2,500.00 for invoice JPGRFVUN-0002. The bank said no: there was not enough money on the Visa card ending 4242.

No money has left your account. Nothing is switched off.

Pay with another card. Or put money on this one: we try it again on Thursday 24 December.

Pay $2,500.00:
http://127.0.0.1:44967/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTFkc3JxNXZyOTNuN2FieTlhNzhteiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxZHNoaGJxY2JjYzA4NnBnNDc0NHgiLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xcW82a09ObjZseUhNTndsZ3paQ1o0emsiLCJpYXQiOjE3OTUyMzA3MjEsImV4cCI6MTc5NTgzNTUyMX0.tAz3ZERbB6vavNWiKS04hBOe6wIYf1FxkJX1uZ5TyBE

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
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">On Tuesday 22 December we asked your bank for $2,500.00 for invoice JPGRFVUN-0002. The bank said no: there was not enough money on the Visa card ending 4242.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">No money has left your account. Nothing is switched off.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">Pay with another card. Or put money on this one: we try it again on Thursday 24 December.</p>
<p style="margin: 28px 0;"><a class="main" href="http://127.0.0.1:44967/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTFkc3JxNXZyOTNuN2FieTlhNzhteiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxZHNoaGJxY2JjYzA4NnBnNDc0NHgiLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xcW82a09ObjZseUhNTndsZ3paQ1o0emsiLCJpYXQiOjE3OTUyMzA3MjEsImV4cCI6MTc5NTgzNTUyMX0.tAz3ZERbB6vavNWiKS04hBOe6wIYf1FxkJX1uZ5TyBE" style="display: inline-block; padding: 14px 24px; border-radius: 6px; background: #5d2fa3; color: #fff; font-weight: 600; line-height: 1.2; text-decoration: none;">Pay $2,500.00</a></p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">The button works for 7 days. You do not have to sign in.</p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">Would you rather talk to a person? The same page brings you to one.</p>
</div>
</body>
</html>
', '2026-12-22 05:12:01.769455+00'),
	('msg_01m7y1dts48h6qy5tyqhkh5wds', 'cnt_01m7y1dtrt6yejt40reatf6h3d', 'case_01m7y1dtrzj80kz6kw036yaxj2', 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'in', 'customer', 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'Everything is in order', 'Asked for a person, and added nothing. What the page showed is below.', NULL, '2026-12-22 05:12:02.827313+00'),
	('msg_01m7y1dv7y2gcf80jdtvtgtycw', 'cnt_01m7y1dv7s8323v7n05wfdzhrb', NULL, 'cust_01m7y1dv1g439awr4dtnzgr84c', 'out', 'system', 'worker', 'Your January payment did not go through', 'On Friday 22 January we asked your bank for $2,500.00 for invoice GWIV7DZC-0002. The bank said no: there was not enough money on the Visa card ending 4242.

No money has left your account. Nothing is switched off.

Pay with another card. Or put money on this one: we try it again on Saturday 23 January.

Pay $2,500.00:
http://127.0.0.1:44967/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTFkc3JxNXZyOTNuN2FieTlhNzhteiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxZHYxZzQzOWF3cjRkdG56Z3I4NGMiLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xc3UwaHZiQmFZZW5KOXUzN050WklyTWciLCJpYXQiOjE3OTUyMzA3MjMsImV4cCI6MTc5NTgzNTUyM30.FVv3ym6CSUL5YX2W6iVJi5KPQnea-nUI35qUa70MzOg

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
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">On Friday 22 January we asked your bank for $2,500.00 for invoice GWIV7DZC-0002. The bank said no: there was not enough money on the Visa card ending 4242.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">No money has left your account. Nothing is switched off.</p>
<p class="ink" style="margin: 0 0 16px; max-width: 34rem; color: #1b1722;">Pay with another card. Or put money on this one: we try it again on Saturday 23 January.</p>
<p style="margin: 28px 0;"><a class="main" href="http://127.0.0.1:44967/l/eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleV8wMW03eTFkc3JxNXZyOTNuN2FieTlhNzhteiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcnVuZWxsYSIsInN1YiI6ImN1c3RfMDFtN3kxZHYxZzQzOWF3cjRkdG56Z3I4NGMiLCJ1c2UiOiJtYWlsIiwiYWJvdXQiOiJpbl8xc3UwaHZiQmFZZW5KOXUzN050WklyTWciLCJpYXQiOjE3OTUyMzA3MjMsImV4cCI6MTc5NTgzNTUyM30.FVv3ym6CSUL5YX2W6iVJi5KPQnea-nUI35qUa70MzOg" style="display: inline-block; padding: 14px 24px; border-radius: 6px; background: #5d2fa3; color: #fff; font-weight: 600; line-height: 1.2; text-decoration: none;">Pay $2,500.00</a></p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">The button works for 7 days. You do not have to sign in.</p>
<p class="soft" style="margin: 0 0 8px; max-width: 34rem; color: #5a5366; font-size: 15px;">Would you rather talk to a person? The same page brings you to one.</p>
</div>
</body>
</html>
', '2027-01-22 07:12:03.303877+00'),
	('msg_01m7y1dyfeex1zrav80enfgyp6', 'cnt_01m7y1dtrt6yejt40reatf6h3d', 'case_01m7y1dtrzj80kz6kw036yaxj2', 'cust_01m7y1dtnhn1zprgert2qt0ty5', 'out', 'staff', 'admin', 'Everything is in order', 'We looked, and all is well.', NULL, '2027-01-22 07:12:06.632128+00');


--
-- Data for Name: mirror_contact; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.mirror_contact VALUES
	(true, '2027-01-22 07:12:03.208608+00', NULL, NULL, '2027-01-22 06:12:02+00', '2026-11-21 03:12:03.278097+00');


--
-- Data for Name: mirror_objects; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.mirror_objects VALUES
	('price_1XloSR195zw9pb4XQoYjjSfd', 'price', NULL, NULL, NULL, '2026-11-21 03:12:01+00', '2026-11-21 03:12:01+00', '2026-11-21 03:12:02+00', false, 1, '{"id": "price_1XloSR195zw9pb4XQoYjjSfd", "type": "recurring", "active": true, "object": "price", "created": 1795230721, "product": "prod_Btg2WAY5GT5myh", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}'),
	('prod_Btg2WAY5GT5myh', 'product', NULL, NULL, NULL, '2026-11-21 03:12:01+00', '2026-11-21 03:12:01+00', '2026-11-21 03:12:02+00', false, 1, '{"id": "prod_Btg2WAY5GT5myh", "url": null, "name": "Starter", "type": "service", "active": true, "images": [], "object": "product", "created": 1795230721, "updated": 1795230721, "livemode": false, "metadata": {}, "tax_code": null, "shippable": null, "unit_label": null, "description": null, "default_price": null, "marketing_features": [], "package_dimensions": null, "statement_descriptor": null}'),
	('ch_3WwbiCIL25VYXxNQICQEbVw7', 'charge', 'cus_pE0hMkPojywdAZ', NULL, 'succeeded', '2026-11-21 03:12:01+00', '2026-11-21 03:12:01+00', '2026-11-21 03:12:02+00', false, 1, '{"id": "ch_3WwbiCIL25VYXxNQICQEbVw7", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1795230721, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription creation", "receipt_url": "http://127.0.0.1:56097/receipts/ch_3WwbiCIL25VYXxNQICQEbVw7", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3E5sUlu8JFsX08mfCt9V29Ed", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('in_1syegbBeVwH1quGFSAzjmbm1', 'invoice', 'cus_pE0hMkPojywdAZ', NULL, 'paid', '2026-11-21 03:12:01+00', '2026-11-21 03:11:58.983735+00', '2026-11-21 03:12:01.999998+00', false, 1, '{"id": "in_1syegbBeVwH1quGFSAzjmbm1", "lines": {"url": "/v1/invoices/in_1syegbBeVwH1quGFSAzjmbm1/lines", "data": [{"id": "il_106Tbq19sbZceQjwFn9GXvrq", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC", "proration_details": {"credited_items": null}, "subscription_item": "si_dv6g3ZL4MycE1C"}}, "period": {"end": 1797822721, "start": 1795230721}, "invoice": "in_1syegbBeVwH1quGFSAzjmbm1", "pricing": {"type": "price_details", "price_details": {"price": "price_1XloSR195zw9pb4XQoYjjSfd", "product": "prod_Btg2WAY5GT5myh"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "JPGRFVUN-0001", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC"}}, "status": "paid", "created": 1795230721, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1795230721, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:56097/i/aW5fMXN5ZWdiQmVWd0gxcXVHRlNBemptYm0xLjE3OTc4MjI3MjEudmM1VFdQNkQuZWEyOTY5NTVhZmNiODRlYQ/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1795230721, "from_invoice": null, "on_behalf_of": null, "period_start": 1795230721, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 2c6028", "shipping_cost": null, "billing_reason": "subscription_create", "customer_email": "pay@northbeck-2c6028.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:56097/i/aW5fMXN5ZWdiQmVWd0gxcXVHRlNBemptYm0xLjE3OTc4MjI3MjEudmM1VFdQNkQuZWEyOTY5NTVhZmNiODRlYQ", "status_transitions": {"paid_at": 1795230721, "voided_at": null, "finalized_at": 1795230721, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('pi_3E5sUlu8JFsX08mfCt9V29Ed', 'payment_intent', 'cus_pE0hMkPojywdAZ', NULL, 'succeeded', '2026-11-21 03:12:01+00', '2026-11-21 03:11:58.984792+00', '2026-11-21 03:12:01.999998+00', false, 1, '{"id": "pi_3E5sUlu8JFsX08mfCt9V29Ed", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1795230721, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription creation", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3E5sUlu8JFsX08mfCt9V29Ed_secret_cv7SMcpcHvRexdP0zMjmcGX1", "latest_charge": "ch_3WwbiCIL25VYXxNQICQEbVw7", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('inpay_1syegbBeVwH1quGFSAzjmbm1', 'invoice_payment', 'cus_pE0hMkPojywdAZ', 'in_1syegbBeVwH1quGFSAzjmbm1', 'paid', '2026-11-21 03:12:01+00', '2026-11-21 03:12:01+00', '2026-11-21 03:12:02+00', false, 1, '{"id": "inpay_1syegbBeVwH1quGFSAzjmbm1", "object": "invoice_payment", "status": "paid", "created": 1795230721, "invoice": "in_1syegbBeVwH1quGFSAzjmbm1", "payment": {"type": "payment_intent", "payment_intent": "pi_3E5sUlu8JFsX08mfCt9V29Ed"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1795230721, "canceled_at": null}}'),
	('in_1EmCIeiPFI0LRJx7lkQFgnf2', 'invoice', 'cus_Q7cfKUCpMEq6H0', NULL, 'paid', '2026-12-22 05:12:02+00', '2026-12-22 05:12:00.980494+00', '2026-12-22 05:12:03.999999+00', false, 1, '{"id": "in_1EmCIeiPFI0LRJx7lkQFgnf2", "lines": {"url": "/v1/invoices/in_1EmCIeiPFI0LRJx7lkQFgnf2/lines", "data": [{"id": "il_1dCQZ3Ju5Ls7Jj2McUxVdc82", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1SMV5jtRGwa0N7DcmfTffeLu", "proration_details": {"credited_items": null}, "subscription_item": "si_YedHUD8iD5OEru"}}, "period": {"end": 1800594722, "start": 1797916322}, "invoice": "in_1EmCIeiPFI0LRJx7lkQFgnf2", "pricing": {"type": "price_details", "price_details": {"price": "price_1uHPelZX6par6hZyFscLpa7S", "product": "prod_8lsENDe4tFDLNx"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1SMV5jtRGwa0N7DcmfTffeLu", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "GWIV7DZC-0001", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1SMV5jtRGwa0N7DcmfTffeLu"}}, "status": "paid", "created": 1797916322, "currency": "usd", "customer": "cus_Q7cfKUCpMEq6H0", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1797916322, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:56097/i/aW5fMUVtQ0llaVBGSTBMUkp4N2xrUUZnbmYyLjE4MDA1MDgzMjIuSzQ5QkdObkcuMzMxNTA0NGEwZGQ3MmY5Ng/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1797916322, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916322, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck ce1b0b", "shipping_cost": null, "billing_reason": "subscription_create", "customer_email": "pay@northbeck-ce1b0b.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:56097/i/aW5fMUVtQ0llaVBGSTBMUkp4N2xrUUZnbmYyLjE4MDA1MDgzMjIuSzQ5QkdObkcuMzMxNTA0NGEwZGQ3MmY5Ng", "status_transitions": {"paid_at": 1797916322, "voided_at": null, "finalized_at": 1797916322, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('cus_pE0hMkPojywdAZ', 'customer', 'cus_pE0hMkPojywdAZ', NULL, NULL, '2026-11-21 03:12:01+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 3, '{"id": "cus_pE0hMkPojywdAZ", "name": "Northbeck 2c6028", "email": "pay@northbeck-2c6028.example", "phone": null, "object": "customer", "address": null, "balance": 0, "created": 1795230721, "currency": "usd", "discount": null, "livemode": false, "metadata": {}, "shipping": null, "delinquent": false, "tax_exempt": "none", "test_clock": null, "description": null, "business_name": null, "default_source": null, "invoice_prefix": "JPGRFVUN", "individual_name": null, "customer_account": null, "invoice_settings": {"footer": null, "custom_fields": null, "rendering_options": null, "default_payment_method": null}, "preferred_locales": [], "next_invoice_sequence": 3}'),
	('inpay_1EmCIeiPFI0LRJx7lkQFgnf2', 'invoice_payment', 'cus_Q7cfKUCpMEq6H0', 'in_1EmCIeiPFI0LRJx7lkQFgnf2', 'paid', '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "inpay_1EmCIeiPFI0LRJx7lkQFgnf2", "object": "invoice_payment", "status": "paid", "created": 1797916322, "invoice": "in_1EmCIeiPFI0LRJx7lkQFgnf2", "payment": {"type": "payment_intent", "payment_intent": "pi_36pZTrzQtjP1DBE9DcEoxHgr"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1797916322, "canceled_at": null}}'),
	('ch_34VGgw0b9U4x1bvIrKfr658G', 'charge', 'cus_pE0hMkPojywdAZ', NULL, 'failed', '2026-12-21 04:12:01+00', '2026-12-21 04:12:01+00', '2026-12-21 04:12:02+00', false, 1, '{"id": "ch_34VGgw0b9U4x1bvIrKfr658G", "paid": false, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "failed", "created": 1797826321, "outcome": {"type": "issuer_declined", "reason": "insufficient_funds", "risk_level": "normal", "risk_score": 20, "advice_code": "try_again_later", "network_status": "declined_by_network", "seller_message": "The bank returned the decline code `insufficient_funds`.", "network_advice_code": null, "network_decline_code": null}, "captured": false, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": null, "failure_code": "card_declined", "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3aZSNQdXv7GNCxJHJ4WQb54W", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "receipt_number": null, "transfer_group": null, "amount_captured": 0, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": "Your card has insufficient funds.", "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('ch_3Bc004FHTZ3kumeZmcgjXBXV', 'charge', 'cus_pE0hMkPojywdAZ', NULL, 'failed', '2026-12-22 04:12:01+00', '2026-12-22 05:11:58.994496+00', '2026-12-22 05:12:01.999998+00', false, 2, '{"id": "ch_3Bc004FHTZ3kumeZmcgjXBXV", "paid": false, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "failed", "created": 1797912721, "outcome": {"type": "issuer_declined", "reason": "insufficient_funds", "risk_level": "normal", "risk_score": 20, "advice_code": "try_again_later", "network_status": "declined_by_network", "seller_message": "The bank returned the decline code `insufficient_funds`.", "network_advice_code": null, "network_decline_code": null}, "captured": false, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": null, "failure_code": "card_declined", "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3aZSNQdXv7GNCxJHJ4WQb54W", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "receipt_number": null, "transfer_group": null, "amount_captured": 0, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": "Your card has insufficient funds.", "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('in_1YjTHN1lLFenIXOXo4kPqfCK', 'invoice', 'cus_pZgm4P7dMNkeVY', NULL, 'paid', '2026-12-22 05:12:02+00', '2026-12-22 05:11:59.988019+00', '2026-12-22 05:12:02.999999+00', false, 1, '{"id": "in_1YjTHN1lLFenIXOXo4kPqfCK", "lines": {"url": "/v1/invoices/in_1YjTHN1lLFenIXOXo4kPqfCK/lines", "data": [{"id": "il_1PdZc21S9PAk606qIncB5LJw", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx", "proration_details": {"credited_items": null}, "subscription_item": "si_Q0Kaj6dFXoqRR9"}}, "period": {"end": 1800594722, "start": 1797916322}, "invoice": "in_1YjTHN1lLFenIXOXo4kPqfCK", "pricing": {"type": "price_details", "price_details": {"price": "price_13JsJ0TDvT9LSkiUa2j8Gzwa", "product": "prod_4ertXpUxrbxjxG"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "9EKFK0H4-0001", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx"}}, "status": "paid", "created": 1797916322, "currency": "usd", "customer": "cus_pZgm4P7dMNkeVY", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1797916322, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:56097/i/aW5fMVlqVEhOMWxMRmVuSVhPWG80a1BxZkNLLjE4MDA1MDgzMjIuVVZ6VVE1ZkcuZjZiZDg1YTRkNWUxMDk5OQ/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1797916322, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916322, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 0658a4", "shipping_cost": null, "billing_reason": "subscription_create", "customer_email": "pay@northbeck-0658a4.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:56097/i/aW5fMVlqVEhOMWxMRmVuSVhPWG80a1BxZkNLLjE4MDA1MDgzMjIuVVZ6VVE1ZkcuZjZiZDg1YTRkNWUxMDk5OQ", "status_transitions": {"paid_at": 1797916322, "voided_at": null, "finalized_at": 1797916322, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('pi_3lIQsGu7Zl3EMi0eVv1CNre8', 'payment_intent', 'cus_pZgm4P7dMNkeVY', NULL, 'succeeded', '2026-12-22 05:12:02+00', '2026-12-22 05:11:59.984986+00', '2026-12-22 05:12:02.999999+00', false, 1, '{"id": "pi_3lIQsGu7Zl3EMi0eVv1CNre8", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1797916322, "currency": "usd", "customer": "cus_pZgm4P7dMNkeVY", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription creation", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3lIQsGu7Zl3EMi0eVv1CNre8_secret_b6pRgfe6BFbCVd7F20OAV39O", "latest_charge": "ch_3ZivrNwKwpcBHvJBKy3vwibY", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_147JLQgwuwBTSdynutuw12Og", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('inpay_1qo6kONn6lyHMNwlgzZCZ4zk', 'invoice_payment', 'cus_pE0hMkPojywdAZ', 'in_1qo6kONn6lyHMNwlgzZCZ4zk', 'paid', '2026-12-21 04:12:01+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 2, '{"id": "inpay_1qo6kONn6lyHMNwlgzZCZ4zk", "object": "invoice_payment", "status": "paid", "created": 1797826321, "invoice": "in_1qo6kONn6lyHMNwlgzZCZ4zk", "payment": {"type": "payment_intent", "payment_intent": "pi_3aZSNQdXv7GNCxJHJ4WQb54W"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1797916322, "canceled_at": null}}'),
	('pi_3aZSNQdXv7GNCxJHJ4WQb54W', 'payment_intent', 'cus_pE0hMkPojywdAZ', NULL, 'succeeded', '2026-12-21 04:12:01+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 3, '{"id": "pi_3aZSNQdXv7GNCxJHJ4WQb54W", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1797826321, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3aZSNQdXv7GNCxJHJ4WQb54W_secret_Uwg7ohWrWqMkUcspHdfLQJop", "latest_charge": "ch_33OxMXgZ8p3e3mSGEqA9ob01", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('in_1qo6kONn6lyHMNwlgzZCZ4zk', 'invoice', 'cus_pE0hMkPojywdAZ', NULL, 'paid', '2026-12-21 03:12:01+00', '2026-12-22 05:11:59.996059+00', '2026-12-22 05:12:02.999999+00', false, 3, '{"id": "in_1qo6kONn6lyHMNwlgzZCZ4zk", "lines": {"url": "/v1/invoices/in_1qo6kONn6lyHMNwlgzZCZ4zk/lines", "data": [{"id": "il_10q6Al9L3cKVxeBzmaLFnDmW", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC", "proration_details": {"credited_items": null}, "subscription_item": "si_dv6g3ZL4MycE1C"}}, "period": {"end": 1800501121, "start": 1797822721}, "invoice": "in_1qo6kONn6lyHMNwlgzZCZ4zk", "pricing": {"type": "price_details", "price_details": {"price": "price_1XloSR195zw9pb4XQoYjjSfd", "product": "prod_Btg2WAY5GT5myh"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "JPGRFVUN-0002", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC"}}, "status": "paid", "created": 1797822721, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1797822721, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:56097/i/aW5fMXFvNmtPTm42bHlITU53bGd6WkNaNHprLjE4MDA0MTgzMjEuaHZiQjQzY1kuNTQwYTk4ZjBmZDNiOWI0Yg/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1797826321, "from_invoice": null, "on_behalf_of": null, "period_start": 1795230721, "attempt_count": 2, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 2c6028", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-2c6028.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:56097/i/aW5fMXFvNmtPTm42bHlITU53bGd6WkNaNHprLjE4MDA0MTgzMjEuaHZiQjQzY1kuNTQwYTk4ZjBmZDNiOWI0Yg", "status_transitions": {"paid_at": 1797916322, "voided_at": null, "finalized_at": 1797826321, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('price_1uHPelZX6par6hZyFscLpa7S', 'price', NULL, NULL, NULL, '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "price_1uHPelZX6par6hZyFscLpa7S", "type": "recurring", "active": true, "object": "price", "created": 1797916322, "product": "prod_8lsENDe4tFDLNx", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}'),
	('prod_8lsENDe4tFDLNx', 'product', NULL, NULL, NULL, '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "prod_8lsENDe4tFDLNx", "url": null, "name": "Starter", "type": "service", "active": true, "images": [], "object": "product", "created": 1797916322, "updated": 1797916322, "livemode": false, "metadata": {}, "tax_code": null, "shippable": null, "unit_label": null, "description": null, "default_price": null, "marketing_features": [], "package_dimensions": null, "statement_descriptor": null}'),
	('pm_1csmGTvXubQC0seg0aTS9lsp', 'payment_method', 'cus_pE0hMkPojywdAZ', NULL, NULL, '2026-11-21 03:12:01+00', '2027-01-22 07:12:00.98364+00', '2027-01-22 07:12:03.999998+00', false, 5, '{"id": "pm_1csmGTvXubQC0seg0aTS9lsp", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1795230721, "customer": "cus_pE0hMkPojywdAZ", "livemode": false, "metadata": {}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}'),
	('ch_33OxMXgZ8p3e3mSGEqA9ob01', 'charge', 'cus_pE0hMkPojywdAZ', NULL, 'succeeded', '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "ch_33OxMXgZ8p3e3mSGEqA9ob01", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1797916322, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": "http://127.0.0.1:56097/receipts/ch_33OxMXgZ8p3e3mSGEqA9ob01", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3aZSNQdXv7GNCxJHJ4WQb54W", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('cus_pZgm4P7dMNkeVY', 'customer', 'cus_pZgm4P7dMNkeVY', NULL, NULL, '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "cus_pZgm4P7dMNkeVY", "name": "Northbeck 0658a4", "email": "pay@northbeck-0658a4.example", "phone": null, "object": "customer", "address": null, "balance": 0, "created": 1797916322, "currency": null, "discount": null, "livemode": false, "metadata": {}, "shipping": null, "delinquent": false, "tax_exempt": "none", "test_clock": null, "description": null, "business_name": null, "default_source": null, "invoice_prefix": "9EKFK0H4", "individual_name": null, "customer_account": null, "invoice_settings": {"footer": null, "custom_fields": null, "rendering_options": null, "default_payment_method": null}, "preferred_locales": [], "next_invoice_sequence": 1}'),
	('price_13JsJ0TDvT9LSkiUa2j8Gzwa', 'price', NULL, NULL, NULL, '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "price_13JsJ0TDvT9LSkiUa2j8Gzwa", "type": "recurring", "active": true, "object": "price", "created": 1797916322, "product": "prod_4ertXpUxrbxjxG", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}'),
	('prod_4ertXpUxrbxjxG', 'product', NULL, NULL, NULL, '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "prod_4ertXpUxrbxjxG", "url": null, "name": "Starter", "type": "service", "active": true, "images": [], "object": "product", "created": 1797916322, "updated": 1797916322, "livemode": false, "metadata": {}, "tax_code": null, "shippable": null, "unit_label": null, "description": null, "default_price": null, "marketing_features": [], "package_dimensions": null, "statement_descriptor": null}'),
	('ch_3Kkx0plbFZxt5nbz2cWcFwBt', 'charge', 'cus_Q7cfKUCpMEq6H0', NULL, 'succeeded', '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "ch_3Kkx0plbFZxt5nbz2cWcFwBt", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1797916322, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_Q7cfKUCpMEq6H0", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription creation", "receipt_url": "http://127.0.0.1:56097/receipts/ch_3Kkx0plbFZxt5nbz2cWcFwBt", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_36pZTrzQtjP1DBE9DcEoxHgr", "payment_method": "pm_1eIIByCgPOUJgiCpivcbriPw", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('pm_147JLQgwuwBTSdynutuw12Og', 'payment_method', 'cus_pZgm4P7dMNkeVY', NULL, NULL, '2026-12-22 05:12:02+00', '2027-01-22 07:12:00.983931+00', '2027-01-22 07:12:03.999997+00', false, 2, '{"id": "pm_147JLQgwuwBTSdynutuw12Og", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1797916322, "customer": "cus_pZgm4P7dMNkeVY", "livemode": false, "metadata": {}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}'),
	('ch_3ZivrNwKwpcBHvJBKy3vwibY', 'charge', 'cus_pZgm4P7dMNkeVY', NULL, 'succeeded', '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "ch_3ZivrNwKwpcBHvJBKy3vwibY", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1797916322, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_pZgm4P7dMNkeVY", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription creation", "receipt_url": "http://127.0.0.1:56097/receipts/ch_3ZivrNwKwpcBHvJBKy3vwibY", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3lIQsGu7Zl3EMi0eVv1CNre8", "payment_method": "pm_147JLQgwuwBTSdynutuw12Og", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('inpay_1YjTHN1lLFenIXOXo4kPqfCK', 'invoice_payment', 'cus_pZgm4P7dMNkeVY', 'in_1YjTHN1lLFenIXOXo4kPqfCK', 'paid', '2026-12-22 05:12:02+00', '2026-12-22 05:12:02+00', '2026-12-22 05:12:03+00', false, 1, '{"id": "inpay_1YjTHN1lLFenIXOXo4kPqfCK", "object": "invoice_payment", "status": "paid", "created": 1797916322, "invoice": "in_1YjTHN1lLFenIXOXo4kPqfCK", "payment": {"type": "payment_intent", "payment_intent": "pi_3lIQsGu7Zl3EMi0eVv1CNre8"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1797916322, "canceled_at": null}}'),
	('sub_15Yb1K8dvRt8YBQgwd5I5UMx', 'subscription', 'cus_pZgm4P7dMNkeVY', NULL, 'active', '2026-12-22 05:12:02+00', '2027-01-22 05:12:02+00', '2027-01-22 05:12:03+00', false, 2, '{"id": "sub_15Yb1K8dvRt8YBQgwd5I5UMx", "items": {"url": "/v1/subscription_items?subscription=sub_15Yb1K8dvRt8YBQgwd5I5UMx", "data": [{"id": "si_Q0Kaj6dFXoqRR9", "plan": {"id": "price_13JsJ0TDvT9LSkiUa2j8Gzwa", "meter": null, "active": true, "amount": 250000, "object": "plan", "created": 1797916322, "product": "prod_4ertXpUxrbxjxG", "currency": "usd", "interval": "month", "livemode": false, "metadata": {}, "nickname": null, "tiers_mode": null, "usage_type": "licensed", "amount_decimal": "250000", "billing_scheme": "per_unit", "interval_count": 1, "transform_usage": null, "trial_period_days": null}, "price": {"id": "price_13JsJ0TDvT9LSkiUa2j8Gzwa", "type": "recurring", "active": true, "object": "price", "created": 1797916322, "product": "prod_4ertXpUxrbxjxG", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}, "object": "subscription_item", "created": 1797916322, "metadata": {}, "quantity": 1, "discounts": [], "tax_rates": [], "subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx", "billing_thresholds": null, "current_period_end": 1803273122, "current_period_start": 1800594722}], "object": "list", "has_more": false}, "object": "subscription", "status": "active", "created": 1797916322, "currency": "usd", "customer": "cus_pZgm4P7dMNkeVY", "ended_at": null, "livemode": false, "metadata": {}, "schedule": null, "cancel_at": null, "discounts": [], "trial_end": null, "start_date": 1797916322, "test_clock": null, "application": null, "canceled_at": null, "description": null, "trial_start": null, "billing_mode": {"type": "flexible", "flexible": null}, "on_behalf_of": null, "automatic_tax": {"enabled": false, "liability": null, "disabled_reason": null}, "transfer_data": null, "days_until_due": null, "default_source": null, "latest_invoice": "in_1a1O1ra3cZANwJTD6gvWpqMi", "pending_update": null, "status_details": null, "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "customer_account": null, "invoice_settings": {"issuer": {"type": "self"}, "account_tax_ids": null}, "pause_collection": null, "payment_settings": {"payment_method_types": null, "payment_method_options": null, "save_default_payment_method": "off"}, "billing_schedules": [], "collection_method": "charge_automatically", "default_tax_rates": [], "billing_thresholds": null, "billing_cycle_anchor": 1797916322, "cancel_at_period_end": false, "cancellation_details": {"reason": null, "comment": null, "feedback": null}, "pending_setup_intent": null, "default_payment_method": "pm_147JLQgwuwBTSdynutuw12Og", "application_fee_percent": null, "billing_cycle_anchor_config": null, "pending_invoice_item_interval": null, "next_pending_invoice_item_invoice": null}'),
	('in_104KMZY3v9ElyjVNEqm8dfti', 'invoice', 'cus_pE0hMkPojywdAZ', NULL, 'paid', '2027-01-21 03:12:01+00', '2027-01-22 07:12:00.98023+00', '2027-01-22 07:12:03.999998+00', false, 1, '{"id": "in_104KMZY3v9ElyjVNEqm8dfti", "lines": {"url": "/v1/invoices/in_104KMZY3v9ElyjVNEqm8dfti/lines", "data": [{"id": "il_12zffc1EooKacbRPZaYBsYWz", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC", "proration_details": {"credited_items": null}, "subscription_item": "si_dv6g3ZL4MycE1C"}}, "period": {"end": 1803179521, "start": 1800501121}, "invoice": "in_104KMZY3v9ElyjVNEqm8dfti", "pricing": {"type": "price_details", "price_details": {"price": "price_1XloSR195zw9pb4XQoYjjSfd", "product": "prod_Btg2WAY5GT5myh"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "JPGRFVUN-0003", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC"}}, "status": "paid", "created": 1800501121, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1800501121, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:56097/i/aW5fMTA0S01aWTN2OUVseWpWTkVxbThkZnRpLjE4MDMwOTY3MjEuUHZUU1A3aHYuMmU5NzE5NTIyMmE2ZWI4MA/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1800504721, "from_invoice": null, "on_behalf_of": null, "period_start": 1797822721, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 2c6028", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-2c6028.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:56097/i/aW5fMTA0S01aWTN2OUVseWpWTkVxbThkZnRpLjE4MDMwOTY3MjEuUHZUU1A3aHYuMmU5NzE5NTIyMmE2ZWI4MA", "status_transitions": {"paid_at": 1800504721, "voided_at": null, "finalized_at": 1800504721, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('in_1a1O1ra3cZANwJTD6gvWpqMi', 'invoice', 'cus_pZgm4P7dMNkeVY', NULL, 'paid', '2027-01-22 05:12:02+00', '2027-01-22 07:12:00.95056+00', '2027-01-22 07:12:03.999995+00', false, 1, '{"id": "in_1a1O1ra3cZANwJTD6gvWpqMi", "lines": {"url": "/v1/invoices/in_1a1O1ra3cZANwJTD6gvWpqMi/lines", "data": [{"id": "il_1xEonvcisxzNfRrfAhhRIpKb", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx", "proration_details": {"credited_items": null}, "subscription_item": "si_Q0Kaj6dFXoqRR9"}}, "period": {"end": 1803273122, "start": 1800594722}, "invoice": "in_1a1O1ra3cZANwJTD6gvWpqMi", "pricing": {"type": "price_details", "price_details": {"price": "price_13JsJ0TDvT9LSkiUa2j8Gzwa", "product": "prod_4ertXpUxrbxjxG"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "9EKFK0H4-0002", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_15Yb1K8dvRt8YBQgwd5I5UMx"}}, "status": "paid", "created": 1800594722, "currency": "usd", "customer": "cus_pZgm4P7dMNkeVY", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1800594722, "test_clock": null, "amount_paid": 250000, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:56097/i/aW5fMWExTzFyYTNjWkFOd0pURDZndldwcU1pLjE4MDMxOTAzMjIuMVRxczcwdUUuNDFhOTY1MzUyMzRiZjZhNA/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": false, "effective_at": 1800598322, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916322, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck 0658a4", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-0658a4.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 0, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:56097/i/aW5fMWExTzFyYTNjWkFOd0pURDZndldwcU1pLjE4MDMxOTAzMjIuMVRxczcwdUUuNDFhOTY1MzUyMzRiZjZhNA", "status_transitions": {"paid_at": 1800598322, "voided_at": null, "finalized_at": 1800598322, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": null, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('in_1su0hvbBaYenJ9u37NtZIrMg', 'invoice', 'cus_Q7cfKUCpMEq6H0', NULL, 'open', '2027-01-22 05:12:02+00', '2027-01-22 07:12:00.973537+00', '2027-01-22 07:12:03.999998+00', false, 1, '{"id": "in_1su0hvbBaYenJ9u37NtZIrMg", "lines": {"url": "/v1/invoices/in_1su0hvbBaYenJ9u37NtZIrMg/lines", "data": [{"id": "il_1Q8PXgvFAlHxfzQ9nbPxB4D1", "taxes": [], "amount": 250000, "object": "line_item", "parent": {"type": "subscription_item_details", "invoice_item_details": null, "subscription_item_details": {"proration": false, "invoice_item": null, "subscription": "sub_1SMV5jtRGwa0N7DcmfTffeLu", "proration_details": {"credited_items": null}, "subscription_item": "si_YedHUD8iD5OEru"}}, "period": {"end": 1803273122, "start": 1800594722}, "invoice": "in_1su0hvbBaYenJ9u37NtZIrMg", "pricing": {"type": "price_details", "price_details": {"price": "price_1uHPelZX6par6hZyFscLpa7S", "product": "prod_8lsENDe4tFDLNx"}, "unit_amount_decimal": "250000"}, "currency": "usd", "livemode": false, "metadata": {}, "quantity": 1, "subtotal": 250000, "discounts": [], "description": "1 × Starter (every month)", "discountable": true, "subscription": "sub_1SMV5jtRGwa0N7DcmfTffeLu", "discount_amounts": [], "quantity_decimal": "1", "pretax_credit_amounts": []}], "object": "list", "has_more": false}, "total": 250000, "footer": null, "issuer": {"type": "self"}, "number": "GWIV7DZC-0002", "object": "invoice", "parent": {"type": "subscription_details", "quote_details": null, "subscription_details": {"metadata": {}, "subscription": "sub_1SMV5jtRGwa0N7DcmfTffeLu"}}, "status": "open", "created": 1800594722, "currency": "usd", "customer": "cus_Q7cfKUCpMEq6H0", "due_date": null, "livemode": false, "metadata": {}, "subtotal": 250000, "attempted": true, "discounts": [], "rendering": null, "amount_due": 250000, "period_end": 1800594722, "test_clock": null, "amount_paid": 0, "application": null, "description": null, "invoice_pdf": "http://127.0.0.1:56097/i/aW5fMXN1MGh2YkJhWWVuSjl1MzdOdFpJck1nLjE4MDMxOTAzMjIuYXVqdUxDZlYuNDgwNzk0NzEyMThjYTZiZg/pdf", "total_taxes": [], "account_name": "Sandbox", "auto_advance": true, "effective_at": 1800598322, "from_invoice": null, "on_behalf_of": null, "period_start": 1797916322, "attempt_count": 1, "automatic_tax": {"status": null, "enabled": false, "provider": null, "liability": null, "disabled_reason": null}, "custom_fields": null, "customer_name": "Northbeck ce1b0b", "shipping_cost": null, "billing_reason": "subscription_cycle", "customer_email": "pay@northbeck-ce1b0b.example", "customer_phone": null, "default_source": null, "ending_balance": 0, "receipt_number": null, "account_country": "US", "account_tax_ids": null, "amount_overpaid": 0, "amount_shipping": 0, "latest_revision": null, "amount_remaining": 250000, "customer_account": null, "customer_address": null, "customer_tax_ids": [], "payment_settings": {"default_mandate": null, "payment_method_types": null, "payment_method_options": null}, "shipping_details": null, "starting_balance": 0, "collection_method": "charge_automatically", "customer_shipping": null, "default_tax_rates": [], "hosted_invoice_url": "http://127.0.0.1:56097/i/aW5fMXN1MGh2YkJhWWVuSjl1MzdOdFpJck1nLjE4MDMxOTAzMjIuYXVqdUxDZlYuNDgwNzk0NzEyMThjYTZiZg", "status_transitions": {"paid_at": null, "voided_at": null, "finalized_at": 1800598322, "marked_uncollectible_at": null}, "customer_tax_exempt": "none", "total_excluding_tax": 250000, "next_payment_attempt": 1800684722, "statement_descriptor": null, "webhooks_delivered_at": null, "default_payment_method": null, "subtotal_excluding_tax": 250000, "total_discount_amounts": [], "last_finalization_error": null, "automatically_finalizes_at": null, "total_pretax_credit_amounts": [], "pre_payment_credit_notes_amount": 0, "post_payment_credit_notes_amount": 0}'),
	('pi_338BZMWVlBwvuUNmryi7VGpy', 'payment_intent', 'cus_pE0hMkPojywdAZ', NULL, 'succeeded', '2027-01-21 04:12:01+00', '2027-01-22 07:12:00.984993+00', '2027-01-22 07:12:03.999999+00', false, 1, '{"id": "pi_338BZMWVlBwvuUNmryi7VGpy", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1800504721, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_338BZMWVlBwvuUNmryi7VGpy_secret_kvGid77bW5TgMhItL2RHc4WB", "latest_charge": "ch_34qHU5q0bwzDoQEgXI47hBN4", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('pi_3ZHavAfbRZYlmPSkj5B2lCUT', 'payment_intent', 'cus_Q7cfKUCpMEq6H0', NULL, 'requires_payment_method', '2027-01-22 06:12:02+00', '2027-01-22 07:12:00.975978+00', '2027-01-22 07:12:03.999998+00', false, 1, '{"id": "pi_3ZHavAfbRZYlmPSkj5B2lCUT", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "requires_payment_method", "created": 1800598322, "currency": "usd", "customer": "cus_Q7cfKUCpMEq6H0", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3ZHavAfbRZYlmPSkj5B2lCUT_secret_B2RUQxhCpfZ3rRdNVqtGwg02", "latest_charge": "ch_3l9Ohfmp4WV3GCm322OrGzJ2", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": null, "transfer_group": null, "amount_received": 0, "customer_account": null, "amount_capturable": 0, "last_payment_error": {"code": "card_declined", "type": "card_error", "charge": "ch_3l9Ohfmp4WV3GCm322OrGzJ2", "doc_url": "https://stripe.com/docs/error-codes/card-declined", "message": "Your card has insufficient funds.", "advice_code": "try_again_later", "decline_code": "insufficient_funds", "payment_method": {"id": "pm_1eIIByCgPOUJgiCpivcbriPw", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1797916322, "customer": "cus_Q7cfKUCpMEq6H0", "livemode": false, "metadata": {"sandbox_decline": "insufficient_funds"}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}}, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('cus_Q7cfKUCpMEq6H0', 'customer', 'cus_Q7cfKUCpMEq6H0', NULL, NULL, '2026-12-22 05:12:02+00', '2027-01-22 06:12:02+00', '2027-01-22 06:12:03+00', false, 2, '{"id": "cus_Q7cfKUCpMEq6H0", "name": "Northbeck ce1b0b", "email": "pay@northbeck-ce1b0b.example", "phone": null, "object": "customer", "address": null, "balance": 0, "created": 1797916322, "currency": "usd", "discount": null, "livemode": false, "metadata": {}, "shipping": null, "delinquent": true, "tax_exempt": "none", "test_clock": null, "description": null, "business_name": null, "default_source": null, "invoice_prefix": "GWIV7DZC", "individual_name": null, "customer_account": null, "invoice_settings": {"footer": null, "custom_fields": null, "rendering_options": null, "default_payment_method": null}, "preferred_locales": [], "next_invoice_sequence": 3}'),
	('pi_36pZTrzQtjP1DBE9DcEoxHgr', 'payment_intent', 'cus_Q7cfKUCpMEq6H0', NULL, 'succeeded', '2026-12-22 05:12:02+00', '2026-12-22 05:12:00.97827+00', '2026-12-22 05:12:03.999999+00', false, 1, '{"id": "pi_36pZTrzQtjP1DBE9DcEoxHgr", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1797916322, "currency": "usd", "customer": "cus_Q7cfKUCpMEq6H0", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription creation", "next_action": null, "on_behalf_of": null, "client_secret": "pi_36pZTrzQtjP1DBE9DcEoxHgr_secret_E3MoV6yRqbGEJORSvpP31Hrn", "latest_charge": "ch_3Kkx0plbFZxt5nbz2cWcFwBt", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_1eIIByCgPOUJgiCpivcbriPw", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('pm_1eIIByCgPOUJgiCpivcbriPw', 'payment_method', 'cus_Q7cfKUCpMEq6H0', NULL, NULL, '2026-12-22 05:12:02+00', '2026-12-22 05:12:00.988145+00', '2026-12-22 05:12:03.999998+00', false, 1, '{"id": "pm_1eIIByCgPOUJgiCpivcbriPw", "card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "exp_year": 2030, "networks": {"available": ["visa"], "preferred": null}, "exp_month": 12, "fingerprint": "477bba133c182267", "display_brand": "visa", "generated_from": null, "regulated_status": "unregulated", "three_d_secure_usage": {"supported": true}}, "type": "card", "object": "payment_method", "created": 1797916322, "customer": "cus_Q7cfKUCpMEq6H0", "livemode": false, "metadata": {"sandbox_decline": "insufficient_funds"}, "allow_redisplay": "unspecified", "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "customer_account": null}'),
	('sub_1SMV5jtRGwa0N7DcmfTffeLu', 'subscription', 'cus_Q7cfKUCpMEq6H0', NULL, 'past_due', '2026-12-22 05:12:02+00', '2027-01-22 06:12:02+00', '2027-01-22 06:12:03+00', false, 3, '{"id": "sub_1SMV5jtRGwa0N7DcmfTffeLu", "items": {"url": "/v1/subscription_items?subscription=sub_1SMV5jtRGwa0N7DcmfTffeLu", "data": [{"id": "si_YedHUD8iD5OEru", "plan": {"id": "price_1uHPelZX6par6hZyFscLpa7S", "meter": null, "active": true, "amount": 250000, "object": "plan", "created": 1797916322, "product": "prod_8lsENDe4tFDLNx", "currency": "usd", "interval": "month", "livemode": false, "metadata": {}, "nickname": null, "tiers_mode": null, "usage_type": "licensed", "amount_decimal": "250000", "billing_scheme": "per_unit", "interval_count": 1, "transform_usage": null, "trial_period_days": null}, "price": {"id": "price_1uHPelZX6par6hZyFscLpa7S", "type": "recurring", "active": true, "object": "price", "created": 1797916322, "product": "prod_8lsENDe4tFDLNx", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}, "object": "subscription_item", "created": 1797916322, "metadata": {}, "quantity": 1, "discounts": [], "tax_rates": [], "subscription": "sub_1SMV5jtRGwa0N7DcmfTffeLu", "billing_thresholds": null, "current_period_end": 1803273122, "current_period_start": 1800594722}], "object": "list", "has_more": false}, "object": "subscription", "status": "past_due", "created": 1797916322, "currency": "usd", "customer": "cus_Q7cfKUCpMEq6H0", "ended_at": null, "livemode": false, "metadata": {}, "schedule": null, "cancel_at": null, "discounts": [], "trial_end": null, "start_date": 1797916322, "test_clock": null, "application": null, "canceled_at": null, "description": null, "trial_start": null, "billing_mode": {"type": "flexible", "flexible": null}, "on_behalf_of": null, "automatic_tax": {"enabled": false, "liability": null, "disabled_reason": null}, "transfer_data": null, "days_until_due": null, "default_source": null, "latest_invoice": "in_1su0hvbBaYenJ9u37NtZIrMg", "pending_update": null, "status_details": null, "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "customer_account": null, "invoice_settings": {"issuer": {"type": "self"}, "account_tax_ids": null}, "pause_collection": null, "payment_settings": {"payment_method_types": null, "payment_method_options": null, "save_default_payment_method": "off"}, "billing_schedules": [], "collection_method": "charge_automatically", "default_tax_rates": [], "billing_thresholds": null, "billing_cycle_anchor": 1797916322, "cancel_at_period_end": false, "cancellation_details": {"reason": null, "comment": null, "feedback": null}, "pending_setup_intent": null, "default_payment_method": "pm_1eIIByCgPOUJgiCpivcbriPw", "application_fee_percent": null, "billing_cycle_anchor_config": null, "pending_invoice_item_interval": null, "next_pending_invoice_item_invoice": null}'),
	('sub_1M89InusyAfDAhbOKPwzMRBC', 'subscription', 'cus_pE0hMkPojywdAZ', NULL, 'active', '2026-11-21 03:12:01+00', '2027-01-21 03:12:01+00', '2027-01-21 03:12:02+00', false, 4, '{"id": "sub_1M89InusyAfDAhbOKPwzMRBC", "items": {"url": "/v1/subscription_items?subscription=sub_1M89InusyAfDAhbOKPwzMRBC", "data": [{"id": "si_dv6g3ZL4MycE1C", "plan": {"id": "price_1XloSR195zw9pb4XQoYjjSfd", "meter": null, "active": true, "amount": 250000, "object": "plan", "created": 1795230721, "product": "prod_Btg2WAY5GT5myh", "currency": "usd", "interval": "month", "livemode": false, "metadata": {}, "nickname": null, "tiers_mode": null, "usage_type": "licensed", "amount_decimal": "250000", "billing_scheme": "per_unit", "interval_count": 1, "transform_usage": null, "trial_period_days": null}, "price": {"id": "price_1XloSR195zw9pb4XQoYjjSfd", "type": "recurring", "active": true, "object": "price", "created": 1795230721, "product": "prod_Btg2WAY5GT5myh", "currency": "usd", "livemode": false, "metadata": {}, "nickname": null, "recurring": {"meter": null, "interval": "month", "usage_type": "licensed", "interval_count": 1, "trial_period_days": null}, "lookup_key": null, "tiers_mode": null, "unit_amount": 250000, "tax_behavior": "unspecified", "billing_scheme": "per_unit", "custom_unit_amount": null, "transform_quantity": null, "unit_amount_decimal": "250000"}, "object": "subscription_item", "created": 1795230721, "metadata": {}, "quantity": 1, "discounts": [], "tax_rates": [], "subscription": "sub_1M89InusyAfDAhbOKPwzMRBC", "billing_thresholds": null, "current_period_end": 1803179521, "current_period_start": 1800501121}], "object": "list", "has_more": false}, "object": "subscription", "status": "active", "created": 1795230721, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "ended_at": null, "livemode": false, "metadata": {}, "schedule": null, "cancel_at": null, "discounts": [], "trial_end": null, "start_date": 1795230721, "test_clock": null, "application": null, "canceled_at": null, "description": null, "trial_start": null, "billing_mode": {"type": "flexible", "flexible": null}, "on_behalf_of": null, "automatic_tax": {"enabled": false, "liability": null, "disabled_reason": null}, "transfer_data": null, "days_until_due": null, "default_source": null, "latest_invoice": "in_104KMZY3v9ElyjVNEqm8dfti", "pending_update": null, "status_details": null, "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "customer_account": null, "invoice_settings": {"issuer": {"type": "self"}, "account_tax_ids": null}, "pause_collection": null, "payment_settings": {"payment_method_types": null, "payment_method_options": null, "save_default_payment_method": "off"}, "billing_schedules": [], "collection_method": "charge_automatically", "default_tax_rates": [], "billing_thresholds": null, "billing_cycle_anchor": 1795230721, "cancel_at_period_end": false, "cancellation_details": {"reason": null, "comment": null, "feedback": null}, "pending_setup_intent": null, "default_payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "application_fee_percent": null, "billing_cycle_anchor_config": null, "pending_invoice_item_interval": null, "next_pending_invoice_item_invoice": null}'),
	('inpay_104KMZY3v9ElyjVNEqm8dfti', 'invoice_payment', 'cus_pE0hMkPojywdAZ', 'in_104KMZY3v9ElyjVNEqm8dfti', 'paid', '2027-01-21 04:12:01+00', '2027-01-22 07:12:00.98364+00', '2027-01-22 07:12:03.999998+00', false, 2, '{"id": "inpay_104KMZY3v9ElyjVNEqm8dfti", "object": "invoice_payment", "status": "paid", "created": 1800504721, "invoice": "in_104KMZY3v9ElyjVNEqm8dfti", "payment": {"type": "payment_intent", "payment_intent": "pi_338BZMWVlBwvuUNmryi7VGpy"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1800504721, "canceled_at": null}}'),
	('pi_3eENPe1YiRJdpoxIxAo1aMuf', 'payment_intent', 'cus_pZgm4P7dMNkeVY', NULL, 'succeeded', '2027-01-22 06:12:02+00', '2027-01-22 07:12:00.950286+00', '2027-01-22 07:12:03.999999+00', false, 1, '{"id": "pi_3eENPe1YiRJdpoxIxAo1aMuf", "amount": 250000, "object": "payment_intent", "review": null, "source": null, "status": "succeeded", "created": 1800598322, "currency": "usd", "customer": "cus_pZgm4P7dMNkeVY", "livemode": false, "metadata": {}, "shipping": null, "processing": null, "application": null, "canceled_at": null, "description": "Subscription update", "next_action": null, "on_behalf_of": null, "client_secret": "pi_3eENPe1YiRJdpoxIxAo1aMuf_secret_Ce6cDb4DY7pmkWwjYqx7tk8P", "latest_charge": "ch_3dSdwanwjRdLaXrC2itKWDex", "receipt_email": null, "transfer_data": null, "amount_details": {"tip": {}}, "capture_method": "automatic", "payment_method": "pm_147JLQgwuwBTSdynutuw12Og", "transfer_group": null, "amount_received": 250000, "customer_account": null, "amount_capturable": 0, "last_payment_error": null, "setup_future_usage": "off_session", "cancellation_reason": null, "confirmation_method": "automatic", "payment_method_types": ["card"], "statement_descriptor": null, "application_fee_amount": null, "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "automatic_payment_methods": null, "statement_descriptor_suffix": null, "excluded_payment_method_types": null, "payment_method_configuration_details": null}'),
	('ch_34qHU5q0bwzDoQEgXI47hBN4', 'charge', 'cus_pE0hMkPojywdAZ', NULL, 'succeeded', '2027-01-21 04:12:01+00', '2027-01-22 07:12:00.98364+00', '2027-01-22 07:12:03.999998+00', false, 2, '{"id": "ch_34qHU5q0bwzDoQEgXI47hBN4", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1800504721, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_pE0hMkPojywdAZ", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": "http://127.0.0.1:56097/receipts/ch_34qHU5q0bwzDoQEgXI47hBN4", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_338BZMWVlBwvuUNmryi7VGpy", "payment_method": "pm_1csmGTvXubQC0seg0aTS9lsp", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('ch_3dSdwanwjRdLaXrC2itKWDex', 'charge', 'cus_pZgm4P7dMNkeVY', NULL, 'succeeded', '2027-01-22 06:12:02+00', '2027-01-22 07:12:00.983931+00', '2027-01-22 07:12:03.999997+00', false, 2, '{"id": "ch_3dSdwanwjRdLaXrC2itKWDex", "paid": true, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "succeeded", "created": 1800598322, "outcome": {"type": "authorized", "reason": null, "risk_level": "normal", "risk_score": 20, "advice_code": null, "network_status": "approved_by_network", "seller_message": "Payment complete.", "network_advice_code": null, "network_decline_code": null}, "captured": true, "currency": "usd", "customer": "cus_pZgm4P7dMNkeVY", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": "http://127.0.0.1:56097/receipts/ch_3dSdwanwjRdLaXrC2itKWDex", "failure_code": null, "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3eENPe1YiRJdpoxIxAo1aMuf", "payment_method": "pm_147JLQgwuwBTSdynutuw12Og", "receipt_number": null, "transfer_group": null, "amount_captured": 250000, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": null, "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('ch_3l9Ohfmp4WV3GCm322OrGzJ2', 'charge', 'cus_Q7cfKUCpMEq6H0', NULL, 'failed', '2027-01-22 06:12:02+00', '2027-01-22 07:12:00.986337+00', '2027-01-22 07:12:03.999998+00', false, 2, '{"id": "ch_3l9Ohfmp4WV3GCm322OrGzJ2", "paid": false, "amount": 250000, "object": "charge", "review": null, "source": null, "status": "failed", "created": 1800598322, "outcome": {"type": "issuer_declined", "reason": "insufficient_funds", "risk_level": "normal", "risk_score": 20, "advice_code": "try_again_later", "network_status": "declined_by_network", "seller_message": "The bank returned the decline code `insufficient_funds`.", "network_advice_code": null, "network_decline_code": null}, "captured": false, "currency": "usd", "customer": "cus_Q7cfKUCpMEq6H0", "disputed": false, "livemode": false, "metadata": {}, "refunded": false, "shipping": null, "application": null, "description": "Subscription update", "receipt_url": null, "failure_code": "card_declined", "on_behalf_of": null, "fraud_details": {}, "receipt_email": null, "transfer_data": null, "payment_intent": "pi_3ZHavAfbRZYlmPSkj5B2lCUT", "payment_method": "pm_1eIIByCgPOUJgiCpivcbriPw", "receipt_number": null, "transfer_group": null, "amount_captured": 0, "amount_refunded": 0, "application_fee": null, "billing_details": {"name": null, "email": null, "phone": null, "tax_id": null, "address": {"city": null, "line1": null, "line2": null, "state": null, "country": null, "postal_code": null}}, "failure_message": "Your card has insufficient funds.", "source_transfer": null, "balance_transaction": null, "statement_descriptor": null, "application_fee_amount": null, "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "checks": {"cvc_check": "pass", "address_line1_check": null, "address_postal_code_check": null}, "wallet": null, "country": "US", "funding": "credit", "mandate": null, "network": "visa", "exp_year": 2030, "exp_month": 12, "fingerprint": "477bba133c182267", "overcapture": {"status": "unavailable", "maximum_amount_capturable": 250000}, "installments": null, "multicapture": {"status": "unavailable"}, "network_token": {"used": false}, "three_d_secure": null, "regulated_status": "unregulated", "amount_authorized": 250000, "authorization_code": null, "extended_authorization": {"status": "disabled"}, "network_transaction_id": null, "incremental_authorization": {"status": "unavailable"}}, "type": "card"}, "failure_balance_transaction": null, "statement_descriptor_suffix": null, "calculated_statement_descriptor": "SANDBOX"}'),
	('inpay_1a1O1ra3cZANwJTD6gvWpqMi', 'invoice_payment', 'cus_pZgm4P7dMNkeVY', 'in_1a1O1ra3cZANwJTD6gvWpqMi', 'paid', '2027-01-22 06:12:02+00', '2027-01-22 07:12:00.983931+00', '2027-01-22 07:12:03.999997+00', false, 2, '{"id": "inpay_1a1O1ra3cZANwJTD6gvWpqMi", "object": "invoice_payment", "status": "paid", "created": 1800598322, "invoice": "in_1a1O1ra3cZANwJTD6gvWpqMi", "payment": {"type": "payment_intent", "payment_intent": "pi_3eENPe1YiRJdpoxIxAo1aMuf"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": 250000, "amount_requested": 250000, "status_transitions": {"paid_at": 1800598322, "canceled_at": null}}'),
	('inpay_1su0hvbBaYenJ9u37NtZIrMg', 'invoice_payment', 'cus_Q7cfKUCpMEq6H0', 'in_1su0hvbBaYenJ9u37NtZIrMg', 'open', '2027-01-22 06:12:02+00', '2027-01-22 07:12:00.986337+00', '2027-01-22 07:12:03.999998+00', false, 1, '{"id": "inpay_1su0hvbBaYenJ9u37NtZIrMg", "object": "invoice_payment", "status": "open", "created": 1800598322, "invoice": "in_1su0hvbBaYenJ9u37NtZIrMg", "payment": {"type": "payment_intent", "payment_intent": "pi_3ZHavAfbRZYlmPSkj5B2lCUT"}, "currency": "usd", "livemode": false, "is_default": true, "amount_paid": null, "amount_requested": 250000, "status_transitions": {"paid_at": null, "canceled_at": null}}');


--
-- Data for Name: mirror_sync; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outbox VALUES
	('msg_01m7y1dsrrc24m9rwxds5h4pqj', 'pay@northbeck-2c6028.example', '{"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}', '<msg_01m7y1dsrrc24m9rwxds5h4pqj@tai.example>', 'sent', 1, '', '2026-11-21 03:22:01.819527+00', '2026-12-22 05:12:01.863878+00'),
	('msg_01m7y1dv7y2gcf80jdtvtgtycw', 'pay@northbeck-ce1b0b.example', '{"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}', '<msg_01m7y1dv7y2gcf80jdtvtgtycw@tai.example>', 'sent', 1, '', '2026-11-21 03:22:03.328723+00', '2027-01-22 07:12:03.387117+00');


--
-- Data for Name: outcomes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outcomes VALUES
	('cnt_01m7y1dsrkn0m6xv5pmb6p58nr', 'cust_01m7y1dshhbqcbcc086pg4744x', 'selfheal', true, '{prevent,selfheal}', '{10,10}', 20, 'usd', '2026-12-22 05:12:02.299767+00');


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
-- Data for Name: schema_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migrations VALUES
	('procrastinate', '2026-11-21 03:11:54.998734+00'),
	('procrastinate/00.00.00_01_initial.sql', '2026-11-21 03:11:55.031788+00'),
	('procrastinate/00.05.00_01_drop_started_at_column.sql', '2026-11-21 03:11:55.032959+00'),
	('procrastinate/00.05.00_02_drop_started_at_column.sql', '2026-11-21 03:11:55.033886+00'),
	('procrastinate/00.05.00_03_drop_procrastinate_version_table.sql', '2026-11-21 03:11:55.034752+00'),
	('procrastinate/00.06.00_01_fix_procrastinate_fetch_job.sql', '2026-11-21 03:11:55.035852+00'),
	('procrastinate/00.07.01_01_fix_trigger_status_events_insert.sql', '2026-11-21 03:11:55.036901+00'),
	('procrastinate/00.08.01_01_add_queueing_lock_column.sql', '2026-11-21 03:11:55.037674+00'),
	('procrastinate/00.10.00_01_close_fetch_job_race_condition.sql', '2026-11-21 03:11:55.038393+00'),
	('procrastinate/00.10.00_02_add_defer_job_function.sql', '2026-11-21 03:11:55.039122+00'),
	('procrastinate/00.11.00_03_add_procrastinate_periodic_defers.sql', '2026-11-21 03:11:55.039851+00'),
	('procrastinate/00.12.00_01_add_foreign_key_index.sql', '2026-11-21 03:11:55.040882+00'),
	('procrastinate/00.14.00_01_add_locks_to_periodic_defer.sql', '2026-11-21 03:11:55.041608+00'),
	('procrastinate/00.15.02_01_fix_procrastinate_defer_periodic_job.sql', '2026-11-21 03:11:55.04233+00'),
	('procrastinate/00.16.00_01_add_finish_job_and_retry_job_functions.sql', '2026-11-21 03:11:55.043012+00'),
	('procrastinate/00.17.00_01_add_trigger_on_job_deletion.sql', '2026-11-21 03:11:55.043687+00'),
	('procrastinate/00.17.00_02_delete_finished_jobs.sql', '2026-11-21 03:11:55.044375+00'),
	('procrastinate/00.17.00_03_add_checks_to_finish_job.sql', '2026-11-21 03:11:55.045056+00'),
	('procrastinate/00.17.00_04_add_checks_to_retry_job.sql', '2026-11-21 03:11:55.045744+00'),
	('procrastinate/00.18.01_01_fix_finish_job_compat_issue.sql', '2026-11-21 03:11:55.046624+00'),
	('procrastinate/00.19.00_01_add_index_on_procrastinate_jobs.sql', '2026-11-21 03:11:55.047315+00'),
	('procrastinate/00.22.00_01_add_kwargs_to_defer_periodic_job.sql', '2026-11-21 03:11:55.047989+00'),
	('procrastinate/00.23.00_01_null_locks_excluded.sql', '2026-11-21 03:11:55.048688+00'),
	('procrastinate/01.00.00_01_remove_old_finish_job_function.sql', '2026-11-21 03:11:55.049361+00'),
	('procrastinate/01.01.01_01_job_id_bigint.sql', '2026-11-21 03:11:55.050047+00'),
	('procrastinate/02.00.03_01_add_job_priority.sql', '2026-11-21 03:11:55.05073+00'),
	('procrastinate/02.05.00_01_add_periodic_job_priority.sql', '2026-11-21 03:11:55.051382+00'),
	('procrastinate/02.06.00_01_add_cancel_states.sql', '2026-11-21 03:11:55.052082+00'),
	('procrastinate/02.08.00_01_add_additional_params_to_retry_job.sql', '2026-11-21 03:11:55.052793+00'),
	('procrastinate/02.14.01_01_add_indexes_for_fetch_job.sql', '2026-11-21 03:11:55.053476+00'),
	('procrastinate/03.00.00_01_pre_cancel_notification.sql', '2026-11-21 03:11:55.054157+00'),
	('procrastinate/03.00.00_50_post_cancel_notification.sql', '2026-11-21 03:11:55.054839+00'),
	('procrastinate/03.01.00_01_pre_add_heartbeat.sql', '2026-11-21 03:11:55.055514+00'),
	('procrastinate/03.01.00_50_post_add_heartbeat.sql', '2026-11-21 03:11:55.056174+00'),
	('procrastinate/03.02.00_01_pre_batch_defer_jobs.sql', '2026-11-21 03:11:55.056873+00'),
	('procrastinate/03.02.00_50_post_batch_defer_jobs.sql', '2026-11-21 03:11:55.057539+00'),
	('procrastinate/03.03.00_01_pre_priority_lock_fetch_job.sql', '2026-11-21 03:11:55.058194+00'),
	('procrastinate/03.04.00_01_pre_add_retry_failed_job_procedure.sql', '2026-11-21 03:11:55.058879+00'),
	('procrastinate/03.04.00_50_post_add_retry_failed_job_procedure.sql', '2026-11-21 03:11:55.059568+00'),
	('20261121000000_kit.sql', '2026-11-21 03:11:55.060842+00'),
	('20261121000100_mirror.sql', '2026-11-21 03:11:55.076196+00'),
	('20261121000200_people.sql', '2026-11-21 03:11:55.091358+00'),
	('20261121000210_audit.sql', '2026-11-21 03:11:55.113358+00'),
	('20261121000220_cases.sql', '2026-11-21 03:11:55.124344+00'),
	('20261121000300_actions.sql', '2026-11-21 03:11:55.177172+00'),
	('20261121000400_selfheal.sql', '2026-11-21 03:11:55.197839+00');


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
	('key_01m7y1dsrq5vr93n7aby9a78mz', '\x3d5fbaa92eccfce5236e2e78f72abd50b0fb748499ffe3768c8b93e85560f565', '2026-11-21 03:12:01.815463+00', NULL);


--
-- Data for Name: stripe_inbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.stripe_inbox VALUES
	('evt_1NzTYXSp60WbuBhMyD47vnc0', 'customer.created', 'customer', 'cus_HqOjO32aNNRSah', '2027-01-22 07:12:06+00', '2026-10-28.endive', '\x7b2263726561746564223a313830303630313932362c226170695f76657273696f6e223a22323032362d31302d32382e656e64697665222c2264617461223a7b226f626a656374223a7b2263726561746564223a313830303630313932362c226e616d65223a224c617465204c61726368222c22656d61696c223a226c617465406c617263682e6578616d706c65222c2270686f6e65223a6e756c6c2c226465736372697074696f6e223a6e756c6c2c22627573696e6573735f6e616d65223a6e756c6c2c22696e646976696475616c5f6e616d65223a6e756c6c2c2261646472657373223a6e756c6c2c227368697070696e67223a6e756c6c2c2263757272656e6379223a6e756c6c2c22746573745f636c6f636b223a6e756c6c2c2262616c616e6365223a302c2264656661756c745f736f75726365223a6e756c6c2c2264656c696e7175656e74223a66616c73652c22646973636f756e74223a6e756c6c2c22696e766f6963655f707265666978223a224644425943593643222c22696e766f6963655f73657474696e6773223a7b22637573746f6d5f6669656c6473223a6e756c6c2c2264656661756c745f7061796d656e745f6d6574686f64223a6e756c6c2c22666f6f746572223a6e756c6c2c2272656e646572696e675f6f7074696f6e73223a6e756c6c7d2c226c6976656d6f6465223a66616c73652c226d65746164617461223a7b7d2c226e6578745f696e766f6963655f73657175656e6365223a312c227072656665727265645f6c6f63616c6573223a5b5d2c227461785f6578656d7074223a226e6f6e65222c22637573746f6d65725f6163636f756e74223a6e756c6c2c226964223a226375735f48714f6a4f3332614e4e52536168222c226f626a656374223a22637573746f6d6572227d7d2c226c6976656d6f6465223a66616c73652c2270656e64696e675f776562686f6f6b73223a312c2272657175657374223a7b226964223a227265715f61536464767931506236496e5374222c226964656d706f74656e63795f6b6579223a2237316163303131662d636236342d626439342d336638652d643166303233303431313930227d2c2274797065223a22637573746f6d65722e63726561746564222c226964223a226576745f314e7a5459585370363057627542684d79443437766e6330222c226f626a656374223a226576656e74227d', '2026-11-21 03:12:06.530139+00', '2026-11-21 03:12:06.530139+00', 'waiting', 0, NULL);


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
	('contact.assume', 'cnt_01m7y1dtrt6yejt40reatf6h3d', '2027-01-25 07:12:06.632128+00', '{}', 0, false, NULL);


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
