package dev.lockstep.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the audit as an {@link AuditChain}, and records the hash of its last line in the audit: a
 * later export of the same entries then shows whether a file is the one that was exported.
 */
@Component
public class AuditExport {
  /** The kind of subject of what is recorded about exports. */
  static final String SUBJECT = "export";

  private static final int PAGE = 1000;

  private final JdbcClient jdbc;
  private final AuditQueries queries;
  private final AuditStore audit;
  private final TransactionTemplate snapshot;
  private final Clock clock;

  public AuditExport(
      JdbcClient jdbc,
      AuditQueries queries,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.jdbc = jdbc;
    this.queries = queries;
    this.audit = audit;
    this.snapshot =
        new TransactionTemplate(Objects.requireNonNull(transaction.getTransactionManager()));
    this.snapshot.setReadOnly(true);
    this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    this.clock = clock;
  }

  /**
   * What is exported.
   *
   * @param name for example {@code INC0010001}, or {@code all}
   * @param subjects of the entries; null for all
   * @param since null: from the beginning
   * @param until exclusive; null: up to now
   */
  public record Scope(
      String name,
      @Nullable List<AuditSubject> subjects,
      @Nullable Instant since,
      @Nullable Instant until) {
    /** Of what is recorded about its exports. */
    public static AuditSubject anchor(String name) {
      return new AuditSubject(SUBJECT, name);
    }
  }

  /**
   * All entries that were committed when it began, in the order in which they were recorded. The
   * last line is written after the export was recorded; a file without it is not complete.
   *
   * @param by who exports it
   */
  public void write(Scope scope, String by, Writer out) {
    AuditChain chain = new AuditChain();
    long[] figures = new long[3];
    snapshot.executeWithoutResult(
        status -> {
          write(out, chain.append(begin(scope, by)));
          List<AuditQueries.Row> page;
          do {
            page = queries.page(scope, figures[2], PAGE);
            for (AuditQueries.Row row : page) {
              write(out, chain.append(entry(row)));
              figures[1] = figures[0] == 0 ? row.id() : figures[1];
              figures[0]++;
              figures[2] = row.id();
            }
          } while (page.size() == PAGE);
        });
    Map<String, Object> end = new TreeMap<>();
    end.put("type", AuditChain.END);
    end.put("entries", figures[0]);
    String last = chain.append(end);
    audit.record(Scope.anchor(scope.name()), List.of(record(scope, by, chain.last(), figures)));
    write(out, last);
  }

  private static AuditEntry record(Scope scope, String by, String hash, long[] figures) {
    Map<String, String> details = new HashMap<>();
    details.put("hash", hash);
    details.put("entries", String.valueOf(figures[0]));
    details.put("first", String.valueOf(figures[1]));
    details.put("last", String.valueOf(figures[2]));
    details.put("since", String.valueOf(scope.since()));
    details.put("until", String.valueOf(scope.until()));
    return new AuditEntry(
        "exported", "Exported %d entries of the audit".formatted(figures[0]), details, by);
  }

  /** Says where the audit begins, as retention deletes of it. */
  private Map<String, Object> begin(Scope scope, String by) {
    Map<String, Object> begin = new TreeMap<>();
    begin.put("type", AuditChain.BEGIN);
    begin.put("format", AuditChain.FORMAT);
    begin.put("scope", scope.name());
    begin.put("since", String.valueOf(scope.since()));
    begin.put("until", String.valueOf(scope.until()));
    begin.put("at", clock.instant().toString());
    begin.put("by", by);
    begin.put("oldest", first("select id, at, text from audit order by id limit 1"));
    begin.put(
        "deletion",
        first(
            """
            select id, at, text from audit where subject like 'retention:%'
            order by id desc limit 1
            """));
    return begin;
  }

  /** An entry without what it is about; empty if there is none. */
  private Map<String, Object> first(String statement) {
    Map<String, Object> found = new TreeMap<>();
    jdbc.sql(statement)
        .query(
            rs -> {
              found.put("id", rs.getLong("id"));
              found.put("at", rs.getTimestamp("at").toInstant().toString());
              found.put("text", rs.getString("text"));
            });
    return found;
  }

  private static Map<String, Object> entry(AuditQueries.Row row) {
    AuditEvent event = row.event();
    Map<String, Object> entry = new TreeMap<>();
    entry.put("type", AuditChain.ENTRY);
    entry.put("id", row.id());
    entry.put("subject", event.subject().toString());
    entry.put("at", event.at().toString());
    entry.put("what", event.entry().what());
    entry.put("text", event.entry().text());
    entry.put("details", event.entry().details());
    entry.put("actor", event.entry().actor());
    return entry;
  }

  private static void write(Writer out, String line) {
    try {
      out.write(line);
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the conditions of a page to a statement. */
  static String statement(Scope scope, Map<String, Object> parameters) {
    StringBuilder sql = new StringBuilder("select * from audit where id > :after");
    if (scope.subjects() != null) {
      sql.append(" and subject = any(:subjects)");
      parameters.put(
          "subjects", scope.subjects().stream().map(AuditSubject::toString).toArray(String[]::new));
    }
    if (scope.since() != null) {
      sql.append(" and at >= :since");
      parameters.put("since", Timestamp.from(scope.since()));
    }
    if (scope.until() != null) {
      sql.append(" and at < :until");
      parameters.put("until", Timestamp.from(scope.until()));
    }
    return sql.append(" order by id limit :limit").toString();
  }
}
