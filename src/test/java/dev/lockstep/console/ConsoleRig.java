package dev.lockstep.console;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.lockstep.Application;
import dev.lockstep.access.Role;
import dev.lockstep.access.Users;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.communication.Communications;
import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.UnmappedValue;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.Postmortems;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The whole service with its console, started once for all tests; nothing is processed. */
final class ConsoleRig {
  static final String USER = "ann";
  static final String PASSWORD = "a long enough password";
  static final String TOKEN = "hunter2hunter2hunter2";
  static final String TICKET = "servicenow";
  static final String PLATFORM = "pagerduty";
  static final String HOSTILE =
      "<script>alert(1)</script> \u001b[31mred \u202egnp.exe <img src=x onerror=alert(2)> '\"`=1+1";

  private static final String DATA = temporary();
  private static final ConfigurableApplicationContext SERVICE = start();

  final JdbcClient jdbc = bean(JdbcClient.class);
  private final PairStore pairs = bean(PairStore.class);
  private final Instant now = bean(Clock.class).instant();
  private int count;

  static <T> T bean(Class<T> type) {
    return SERVICE.getBean(type);
  }

  static String address() {
    return "http://localhost:" + SERVICE.getEnvironment().getProperty("local.server.port");
  }

  private static ConfigurableApplicationContext start() {
    Map<String, String> settings = new TreeMap<>(TestDatabase.settings());
    settings.put("LOCKSTEP_PORT", "0");
    settings.put("LOCKSTEP_DATA_DIR", DATA);
    settings.put("LOCKSTEP_API_TOKEN", TOKEN);
    settings.put("LOCKSTEP_COMMUNICATIONS", communications());
    settings.put("LOCKSTEP_SMTP_HOST", "127.0.0.1");
    settings.put("LOCKSTEP_SMTP_FROM", "lockstep@example.com");
    settings.put("LOCKSTEP_SMTP_PASSWORD", "hunter2");
    settings.put("LOCKSTEP_SMTP_SECURITY", "none");
    settings.put("camel.main.routes-include-pattern", "false");
    // It ends with the process: a graceful stop would wait for the database, which ends as well.
    settings.put("spring.main.register-shutdown-hook", "false");
    settings.put("lockstep.duplicates.embedding", "false");
    settings.put("SERVICENOW_URL", "http://127.0.0.1:9");
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "hunter2");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "hunter2hunter2hunter2");
    settings.put("PAGERDUTY_URL", "http://127.0.0.1:9");
    settings.put("PAGERDUTY_TOKEN", "hunter2");
    settings.put("PAGERDUTY_FROM", "lockstep@example.com");
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "hunter2hunter2hunter2");
    ConfigurableApplicationContext service = Application.start(settings);
    service.getBeansOfType(Scheduler.class).values().forEach(Scheduler::pause);
    service.getBean(Users.class).add(USER, "", Role.ADMIN, PASSWORD, "test");
    return service;
  }

  private static String communications() {
    try {
      Path folder = Files.createTempDirectory("lockstep-communications");
      Files.createDirectory(folder.resolve("templates"));
      Files.writeString(
          folder.resolve("templates/executives.txt"), "{{level}} {{key}}: {{title}}\n{{next}}\n");
      return Files.writeString(
              folder.resolve("communications.yaml"),
              """
              audiences:
                executives:
                  title: Executives
                  every: {P1: 15m, P2: 30m}
                  template: executives.txt
                  to:
                    - {system: servicenow, visibility: public}
                    - {channel: operations}
                    - manager
              incident-manager:
                levels: [P1, P2]
                within: 5m
                candidates: [gil@example.com]
                escalate: [{after: 0m, to: [{channel: operations}]}]
              on-call:
                levels: [P1, P2]
                system: pagerduty
                escalation-policy: {field: group}
              vendors:
                acme:
                  title: Acme
                  system: pagerduty
                  every: {P1: 30m, P2: 60m}
                  escalate: [{after: 0m, inform: [{channel: operations}]}]
              channels:
                operations: {kind: teams, url: "http://localhost:9/hunter2"}
              """)
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String temporary() {
    try {
      return Files.createTempDirectory("lockstep-console").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ConsoleRig empty() {
    // By the service itself, which reads its pauses once a second only.
    PauseOperations pauses = bean(PauseOperations.class);
    pauses.active().forEach(pause -> pauses.resume(pause.scope(), USER));
    jdbc.sql(
            "truncate ticket, duplicate, audit, pair, record, note, note_delivery, inbox_entry,"
                + " action_item, postmortem, closure, reconciliation, drift, backlog, chosen_value,"
                + " backfill, backfill_record, saved_plan, planned_record,"
                + " system_check, webhook_receipt, incident, clock_difference, cadence, command, vendor_watch, incident_update, message,"
                + " incident_manager, manager_change, on_call_shown, on_call_answer,"
                + " problem, problem_incident")
        .update();
    count = 0;
    return this;
  }

  private RecordState record(String system, String id, String key, Map<String, String> values) {
    return RecordState.of(
            "incident",
            new Snapshot(
                new RecordRef(system, "incident", id),
                key,
                "https://" + system + ".example.com/" + id,
                Version.count(1),
                now.minusSeconds(300),
                "",
                values))
        .withRevision(0);
  }

  /** A pair in sync; the fields as the shipped mapping has them. */
  Pair pair(String title, String service, String assignee) {
    int n = ++count;
    Map<String, String> ticket = new HashMap<>();
    ticket.put("title", title);
    ticket.put("status", "2");
    ticket.put("priority", "1/2");
    ticket.put("service", service);
    ticket.put("assignee", assignee);
    Map<String, String> incident = new HashMap<>(ticket);
    incident.put("status", "acknowledged");
    incident.put("priority", "P2");
    Map<String, AgreedValue> base = new HashMap<>();
    ticket.forEach((name, value) -> base.put(name, new AgreedValue(value, incident.get(name))));
    Pair started =
        pairs.insert(
            Pair.start(
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    "incident",
                    Side.LEFT,
                    record(TICKET, "9d38501%d".formatted(n), "INC001%04d".formatted(n), ticket))
                .seen(Side.RIGHT, record(PLATFORM, "PT4KHL" + n, "#" + (40 + n), incident)),
            new AuditEntry("started", "INC001%04d is in scope".formatted(n), Map.of()));
    return pairs.save(
        started.withState(Pair.State.LINKED).markLinked().withBase(base),
        List.of(
            new AuditEntry("created", "Created #" + (40 + n), Map.of()),
            new AuditEntry(
                "updated",
                "Wrote status to #%d after a change by ann.lee".formatted(40 + n),
                Map.of("status", "acknowledged", "status:before", "triggered", "side", "right"),
                "")));
  }

  Pair gap(Pair pair, String field, String reason) {
    return pairs.save(pair.withGaps(Map.of(field, reason)), List.of());
  }

  void conflict(Pair pair, String field, String kept, String lost) {
    conflict(pair, field, kept, kept, lost);
  }

  /**
   * The left side's value was kept.
   *
   * @param written what it is on the right
   */
  void conflict(Pair pair, String field, String kept, String written, String lost) {
    pairs.record(
        pair.id(),
        List.of(
            new AuditEntry(
                "conflict",
                "Both sides changed %s; the left side's value was kept".formatted(field),
                Map.of(
                    "field", field, "kept", kept, "keptBy", "ann.lee", "lost", lost, "lostBy",
                    "bob.ray", "winner", "left", "written", written))));
  }

  void note(Pair pair, String author, String text) {
    RecordRef record = pair.records().get(0);
    bean(NoteStore.class)
        .insertNew(
            record,
            List.of(new WorkNote(author + count++, author, now, text, Visibility.INTERNAL)),
            true);
    jdbc.sql(
            """
            insert into note_delivery (record, note, target, state, sent_as, text, mark, sent_at)
            select record, id, ?, 'SENT', 'INTERNAL', text, '', now() from note
            where record = ? on conflict do nothing
            """)
        .params(pair.records().get(1).toString(), record.toString())
        .update();
  }

  /** A comment on its ticket that waits for an approval; returns the id of the text. */
  String waitingText(Pair pair, String author, String text) {
    RecordRef record = pair.records().get(0);
    String id = "waiting" + count++;
    bean(NoteStore.class)
        .insertNew(record, List.of(new WorkNote(id, author, now, text, Visibility.PUBLIC)), true);
    jdbc.sql(
            """
            insert into note_delivery
              (record, note, target, state, sent_as, text, mark, waiting_since)
            select record, id, ?, 'WAITING', 'PUBLIC', text, id, now() - interval '4 min' from note
            where record = ? and id = ?
            """)
        .params(pair.records().get(1).toString(), record.toString(), id)
        .update();
    return id;
  }

  /** Returns its id. */
  String deadLetter(Pair pair, String text, String request, String answer, String advice) {
    return entry(pair, "DEAD_LETTER", text, request, answer, advice);
  }

  String entry(Pair pair, String state, String text, String request, String answer, String advice) {
    return jdbc.sql(
            """
            insert into inbox_entry (subject, generation, state, attempts, outcome_unknown, hints,
              problem, received_at, changed_at)
            values ('correlation:' || ?, 0, ?, 3, false, '{}', jsonb_build_object('text', ?::text,
              'request', ?::text, 'answer', ?::text, 'advice', ?::text), now() - interval '4 min', now())
            returning id
            """)
        .params(pair.correlation().toString(), state, text, request, answer, advice)
        .query(String.class)
        .single();
  }

  /** Proposes that the ticket of one pair is a duplicate of the other's; returns its id. */
  String duplicate(Pair duplicate, Pair primary, String state) {
    for (Pair pair : List.of(duplicate, primary)) {
      jdbc.sql(
              """
              insert into ticket (record, mapping, side, title, description, service, category,
                opened_at, starts, seen_record, revision)
              select ref, 'incident', 'LEFT', state #>> '{values,incident,title}', '', '', '',
                now() - interval '1 hour', true, ref, nextval('ticket_revision_seq')
              from record where ref = ? on conflict do nothing
              """)
          .param(pair.records().get(0).toString())
          .update();
    }
    return jdbc.sql(
            """
            insert into duplicate (revision, duplicate, primary_ticket, state, score, reasons,
              decided_by, resolution, restore, created_at, changed_at)
            values (1, ?, ?, ?, 0.87,
              '[{"signal": "WORDS", "points": 0.42, "text": "words in common: portal, login"},
                {"signal": "TIME", "points": 0.2, "text": "opened 4 minutes apart"}]',
              '', 'OPEN', '{}', now(), now())
            returning id
            """)
        .params(duplicate.records().get(0).toString(), primary.records().get(0).toString(), state)
        .query(String.class)
        .single();
  }

  void postmortem(Pair pair, String title) {
    String markdown =
        """
        # %s

        Incident: %s

        ## Action items
        - [ ] Alert on failed log-ins (owner: ann.lee@example.com, due: 2026-01-15)
        - [ ] Add a second identity provider (owner: bob.ray@example.com)
        """
            .formatted(
                title,
                jdbc.sql("select key from record where ref = ?")
                    .param(pair.records().get(0).toString())
                    .query(String.class)
                    .single());
    bean(Postmortems.class)
        .receive(
            bean(PostmortemParser.class)
                .markdown(markdown.getBytes(StandardCharsets.UTF_8), "portal.md", "", ""),
            "ann");
  }

  /**
   * An update of its ticket is due.
   *
   * @param minutes from now; negative: overdue
   */
  void due(Pair pair, int minutes) {
    String ticket = pair.records().get(0).toString();
    jdbc.sql(
            """
            insert into incident (record, mapping, level, major, stage, service, team, manager,
              opened_at, seen_at, changed_at, reopened)
            values (?, 'incident', 'P2', false, 'OPEN', 'Portal', '', 'ann', now(), now(), now(), 0)
            """)
        .param(ticket)
        .update();
    jdbc.sql(
            """
            insert into cadence (record, audience, level, state, due_at, reminded, escalated,
              snooze_reason, snoozed_by)
            values (?, 'executives', 'P2', 'OPEN', now() + ? * interval '1 minute', false, 0, '', '')
            """)
        .params(ticket, minutes)
        .update();
  }

  /**
   * A vendor is to report on an incident with something due; its ticket is the other record.
   *
   * @param minutes from now; negative: overdue
   */
  void vendorDue(Pair pair, int minutes) {
    jdbc.sql(
            """
            insert into vendor_watch (record, vendor, ticket, level, due_at, comments, escalated)
            values (?, 'acme', ?, 'P2', now() + ? * interval '1 minute', 0, 1)
            """)
        .params(pair.records().get(0).toString(), pair.records().get(1).toString(), minutes)
        .update();
  }

  /** An incident that was resolved so long after it had been opened. */
  void resolved(Pair pair, String level, Duration after) {
    jdbc.sql(
            """
            insert into incident (record, mapping, level, major, stage, service, team, manager,
              opened_at, seen_at, resolved_at, changed_at, reopened)
            values (?, 'incident', ?, false, 'RESOLVED', 'Portal', '', 'ann',
              now() - ? * interval '1 second', now(), now(), now(), 0)
            """)
        .params(pair.records().get(0).toString(), level, after.toSeconds())
        .update();
  }

  /** Incidents of the last twelve months, fewer and fewer. */
  private void pastYear() {
    jdbc.sql(
            """
            insert into incident (record, mapping, level, major, stage, service, team, manager,
              opened_at, seen_at, acknowledged_at, mitigated_at, resolved_at, changed_at, reopened)
            select 'servicenow/incident/old' || n, 'incident', 'P' || 1 + n % 3, false, 'RESOLVED',
              (array['Patient Portal', 'Printing', 'Records DB'])[1 + n % 3], '', 'ann', at, at,
              at + interval '4 minutes', at + interval '40 minutes',
              at + (30 + n) * interval '1 minute', at, n % 9 / 8
            from (select n, now() - interval '364 days' + sqrt(n / 90.0) * interval '360 days' as at
              from generate_series(1, 90) n) opened
            """)
        .update();
  }

  /** What waited during the last hours. */
  void backlog() {
    jdbc.sql(
            """
            insert into backlog
            select now() - n * interval '1 minute', case when n between 200 and 260 then 40 else 0 end,
              case when n between 200 and 260 then (260 - n) * 4 else n % 7 end
            from generate_series(1, 1100) n
            """)
        .update();
  }

  void pause(PauseScope scope, String reason, Duration length) {
    bean(PauseOperations.class).pause(scope, reason, "ann.lee", now.plus(length));
  }

  /** Its next change waits for this pause. */
  void waiting(Pair pair, String scope) {
    entry(pair, "FAILED", "", "", "", "");
    jdbc.sql("update inbox_entry set waits_for = array[?]").param(scope).update();
  }

  /** A value of the left side without a row: it appeared so often, last an hour ago. */
  void unmapped(Pair pair, String field, String value, int times) {
    UnmappedValue found = new UnmappedValue("incident", field, Side.LEFT, value);
    for (int i = 0; i < times; i++) {
      pairs.record(pair.id(), List.of(found.toEntry("INC0010001")));
    }
    jdbc.sql(
            "update audit set at = at - interval '1 hour' where what = 'unmapped' and details ->>"
                + " 'value' = ?")
        .param(value)
        .update();
  }

  /** A record in no pair, whose value keeps it from starting one. */
  void unmappedOutOfScope(String value) {
    bean(AuditStore.class)
        .record(
            new AuditSubject("record", PLATFORM + "/incident/PX9"),
            List.of(new UnmappedValue("incident", "priority", Side.RIGHT, value).toEntry("#99")));
  }

  /**
   * A run that compared 310 of 520 and found that the title of a record was changed.
   *
   * @param finished whether it is over
   */
  void reconciliation(Pair drifted, boolean finished) {
    jdbc.sql(
            """
            with run as (
              insert into reconciliation (mode, started_by, started_at, finished_at, total, checked, postponed)
              values ('REPAIR', 'ann', now() - interval '30 min', case when ? then now() end, 520, 308, 2)
              returning id)
            insert into drift (reconciliation, record, key, problem, fields, reason, found_at)
            select id, ref, key, problem, fields::jsonb, reason, now() from run, record, (values
                ('CHANGED', '{"incident.title": {"known": "Portal is slow", "shown": "Portal is down"}}', ''))
              as found(problem, fields, reason) where ref = ?
            """)
        .params(finished, drifted.records().get(0).toString())
        .update();
  }

  /**
   * A backfill that found the records of these pairs: a counterpart was created for the first, and
   * adopted for the others.
   */
  void backfill(List<Pair> found, boolean finished) {
    jdbc.sql(
            """
            insert into backfill (source, since, system, kind, query, notes, adopt_by, started_by,
              started_at, finished_at, feeds, feed, page, newest, next_at)
            values ('CHANGED', now() - interval '30 d', 'servicenow', 'incident', 'priority=1^active=true',
              'SINCE_LINK', 'correlation', 'ann', ?, case when ? then now() end, 2,
              case when ? then 2 else 1 end, null, null, now() + interval '1 d')
            """)
        .params(Timestamp.from(now.minusSeconds(1200)), finished, finished)
        .update();
    for (Pair pair : found) {
      jdbc.sql(
              """
              insert into backfill_record (backfill, record, state, basis, reason)
              select max(id), ?, 'QUEUED', '{}', '' from backfill
              """)
          .param(pair.records().get(0).toString())
          .update();
    }
    jdbc.sql("update pair set creating = true where id = ?").param(found.get(0).id()).update();
  }

  /**
   * A plan that would create so many records, and update one with a hostile text.
   *
   * @return its id
   */
  long plan(int creates) {
    long id =
        jdbc.sql(
                """
                insert into saved_plan (since, system, kind, query, most, notes, adopt_by, started_by,
                  started_at, seen_at, finished_at, records, summary)
                values ('2026-11-01', 'servicenow', 'incident', 'priority=1', 10000, 'ALL', '', 'ann',
                  now(), now(), now(), ?, ?::jsonb)
                returning id
                """)
            .params(
                creates + 1,
                """
                {"createdAt": "2026-11-30T08:00:00Z", "mappings": {}, "notes": "ALL", "adoptBy": "",
                  "compared": 310,
                  "duplicates": [{"duplicate": "INC2", "primary": "INC1", "state": "PROPOSED"}],
                  "gaps": [{"mapping": "incident", "left": "INC1", "right": "(new 1)",
                    "field": "group", "reason": "pagerduty has no escalation-policy 'Web'"}],
                  "problems": [{"subject": "pagerduty/incident/all", "problem": "401. Set PAGERDUTY_TOKEN"}],
                  "systems": [{"system": "pagerduty", "title": "PagerDuty", "creates": %d, "updates": 1,
                    "notes": 1, "links": 1, "reads": 620, "writes": %d, "callsPerMinute": 500,
                    "minutes": 2.5}]}
                """
                    .formatted(creates, creates + 3))
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            insert into planned_record (plan, position, system, operation, record)
            select ?, n, 'pagerduty', 'CREATE', jsonb_build_object('ref', 'pagerduty/incident/planned-' || n,
              'system', 'pagerduty', 'key', '(new ' || n || ')', 'title', 'Portal ' || n, 'url', '',
              'operation', 'CREATE', 'because', jsonb_build_array('INC' || n), 'fields', jsonb_build_array(
                jsonb_build_object('field', 'title', 'before', '', 'after', 'Portal ' || n, 'mapping',
                  'incident', 'from', 'INC' || n, 'source', 'Portal ' || n)),
              'notes', '[]'::jsonb, 'links', jsonb_build_array('INC' || n), 'basis',
              jsonb_build_object('servicenow/incident/' || n, '1'))
            from generate_series(1, ?) n
            """)
        .params(id, creates)
        .update();
    jdbc.sql(
            """
            insert into planned_record (plan, position, system, operation, record)
            values (?, ?, 'pagerduty', 'UPDATE', jsonb_build_object('ref', 'pagerduty/incident/PX',
              'system', 'pagerduty', 'key', '#7', 'title', ?, 'url', 'javascript:alert(1)', 'operation',
              'UPDATE', 'because', '[]'::jsonb, 'fields', jsonb_build_array(jsonb_build_object('field',
                'title', 'before', 'Portal is down', 'after', ?, 'mapping', 'incident', 'from', 'INC7',
                'source', ?)),
              'notes', jsonb_build_array(jsonb_build_object('visibility', 'PUBLIC', 'text', ?)),
              'links', '[]'::jsonb, 'basis', jsonb_build_object('pagerduty/incident/PX', '1')))
            """)
        .params(id, creates + 1, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
        .update();
    return id;
  }

  /**
   * The last answer to the check that is asked of the platform.
   *
   * @param age how long ago, for example {@code 2 min}
   */
  void check(String status, String found, String advice, String age) {
    jdbc.sql(
            """
            insert into system_check (system, name, status, found, advice, asked_at, repaired,
              repaired_at)
            values (?, 'webhook subscription', ?, ?, ?, now() - ?::interval, '{PSUB1}',
              now() - interval '3 hours')
            """)
        .params(PLATFORM, status, found, advice, age)
        .update();
  }

  void receipt(String system, WebhookReceipts.Kind kind, String detail, Duration age) {
    bean(WebhookReceipts.class)
        .save(new WebhookReceipts.Receipt(system, kind, now.minus(age), detail, null, ""));
  }

  /** Something on every page. */
  ConsoleRig fill() {
    empty();
    Pair portal =
        pair("Patient portal: log-in fails with timeout", "Patient Portal", "ann.lee@example.com");
    Pair second = pair("Cannot sign in to the portal", "Patient Portal", "bob.ray@example.com");
    Pair third = pair("Portal login very slow", "Patient Portal", "");
    Pair printer = pair("Label printers on ward 3 are offline", "Printing", "cy.moss@example.com");
    Pair database =
        pair("Replica lag above 10 minutes on records-db", "Records DB", "ann.lee@example.com");
    Pair hostile = pair(HOSTILE, HOSTILE, HOSTILE);
    for (int i = 0; i < 6; i++) {
      Pair disk = pair("Disk almost full on app-" + i, "Platform", "dee.fox@example.com");
      if (i < 2) {
        gap(disk, "status", "the mapping has no right value for left '9'");
        unmapped(disk, "status", "9", 6);
      }
    }
    gap(printer, "assignee", "no user has the e-mail cy.moss@example.com");
    gap(hostile, "status", "the mapping has no right value for left '" + HOSTILE + "'");
    conflict(portal, "priority", "1/2", "P2", "P1");
    conflict(second, "title", "Cannot sign in", "Cannot log in to the portal");
    conflict(hostile, "title", HOSTILE, HOSTILE);
    note(portal, "ann.lee", "Restarted the identity provider.\nSessions recover, watching.");
    note(portal, "bob.ray", "Confirmed on site.");
    note(hostile, HOSTILE, HOSTILE);
    waitingText(portal, "ann.lee", "About half of all log-ins fail. We are working on it.");
    waitingText(hostile, HOSTILE, HOSTILE);
    deadLetter(
        database,
        "The call was rejected with 403",
        "PUT /api/now/table/incident/9d3850155",
        "{\"error\":{\"message\":\"Operation Failed\",\"detail\":\"ACL restricts writing"
            + " priority\"}}",
        "Grant the user lockstep the right to write incident.priority, then retry.");
    deadLetter(hostile, HOSTILE, HOSTILE, HOSTILE, HOSTILE);
    entry(third, "FAILED", "", "", "", "");
    duplicate(second, portal, "PROPOSED");
    duplicate(third, portal, "LINKED");
    postmortem(portal, "Portal outage of Monday night");
    unmapped(hostile, "priority", HOSTILE, 1);
    unmappedOutOfScope("P6");
    pause(PauseScope.mapping("action-item"), "import of the old follow-ups", Duration.ofHours(8));
    pause(PauseScope.system(PLATFORM), HOSTILE, Duration.ofDays(2));
    reconciliation(portal, false);
    backfill(List.of(portal, second, printer), true);
    backfill(List.of(database, hostile), false);
    plan(2);
    due(portal, -7);
    due(printer, 12);
    due(hostile, 20);
    resolved(database, "P2", Duration.ofMinutes(80));
    pastYear();
    bean(Communications.class)
        .send("INC0010001", "executives", "", "We restart it.\nMore soon.", "", null, "ann");
    due(second, -3);
    backlog();
    check("WARNING", "filter.type is service_reference " + HOSTILE, "Look " + HOSTILE, "2 min");
    receipt(PLATFORM, WebhookReceipts.Kind.VERIFIED, "", Duration.ofMinutes(3));
    receipt(TICKET, WebhookReceipts.Kind.REFUSED, "bad-signature", Duration.ofMinutes(1));
    return this;
  }
}
