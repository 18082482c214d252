package dev.lockstep.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditExport.Scope;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What an export of the audit contains, and what its verification finds. */
class AuditExportTest {
  private static final Scope ALL = new Scope("all", null, null, null);
  private static final AuditSubject PAIR = new AuditSubject("pair", "1");

  private final HikariDataSource database = TestDatabase.migrated();
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final SettableClock clock = new SettableClock();
  private final AuditStore audit = new AuditStore(jdbc, new ObjectMapper(), clock);
  private final AuditExport export =
      new AuditExport(
          jdbc,
          new AuditQueries(jdbc, new ObjectMapper()),
          audit,
          new TransactionTemplate(new JdbcTransactionManager(database)),
          clock);

  @AfterEach
  void close() {
    database.close();
  }

  private void record(AuditSubject subject, String text) {
    audit.record(
        subject,
        List.of(new AuditEntry("updated", text, Map.of("b", "\u0001\n", "a", "ä€"), "ann")));
  }

  private List<String> lines(Scope scope) {
    StringWriter out = new StringWriter();
    export.write(scope, "token:ci", out);
    return new ArrayList<>(out.toString().lines().toList());
  }

  private static AuditChain.Verifier verify(List<String> lines) {
    AuditChain.Verifier verifier = new AuditChain.Verifier();
    lines.forEach(verifier::accept);
    verifier.finish();
    return verifier;
  }

  private List<String> threeEntries() {
    for (int i = 1; i <= 3; i++) {
      record(PAIR, "entry " + i);
    }
    return lines(ALL);
  }

  /** The texts of the example in section 3.2.2 of RFC 8785, without its numbers. */
  @Test
  void hashesTheCanonicalFormOfRfc8785() {
    assertThat(
            AuditChain.canonical(
                Map.of(
                    "string", "\u20ac$\u000f\nA'B\"\\\\\"/",
                    "literals", List.of("x"),
                    "\u20ac", "Euro Sign",
                    "\r", "Carriage Return",
                    "1", "One",
                    "\ud83d\ude00", "Smiley",
                    "\ufb33", "Hebrew Letter Dalet With Dagesh")))
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"literals\":[\"x\"],"
                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\","
                + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Smiley\","
                + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  }

  @Test
  void exportsEverythingInOrderAndRecordsTheLastHash() {
    for (int i = 1; i <= 2100; i++) {
      record(PAIR, "entry " + i);
    }
    List<String> lines = lines(ALL);
    AuditChain.Verifier first = verify(lines);
    assertThat(lines).hasSize(2102);
    assertThat(first.entries()).isEqualTo(2100);
    assertThat(lines.get(2100)).contains("\"text\":\"entry 2100\"", "\"actor\":\"ann\"");

    List<String> later = lines(ALL);
    assertThat(verify(later).entries()).isEqualTo(2101);
    assertThat(verify(later).hasAnchor(first.last())).isTrue();
    assertThat(first.hasAnchor(first.last())).isFalse();
    assertThat(later.get(2101)).contains("\"subject\":\"export:all\"", "\"actor\":\"token:ci\"");
  }

  @Test
  void exportsASelection() {
    record(PAIR, "old");
    clock.advance(Duration.ofDays(1));
    record(PAIR, "new");
    record(new AuditSubject("pair", "2"), "other");
    assertThat(verify(lines(new Scope("x", List.of(PAIR), null, null))).entries()).isEqualTo(2);
    assertThat(lines(new Scope("x", List.of(PAIR), clock.instant(), null)).get(1)).contains("new");
    assertThat(verify(lines(new Scope("x", null, null, clock.instant()))).entries()).isEqualTo(1);
    assertThat(verify(lines(new Scope("x", List.of(), null, null))).entries()).isZero();
  }

  @Test
  void saysWhereTheAuditBegins() {
    record(PAIR, "deleted");
    record(PAIR, "kept");
    record(new AuditSubject("retention", "now"), "Deleted 1 correlations");
    jdbc.sql("delete from audit where text = 'deleted'").update();

    assertThat(lines(ALL).get(0))
        .contains("\"oldest\":{\"at\":", "\"id\":2,", "\"text\":\"kept\"")
        .contains("\"deletion\":{\"at\":", "Deleted 1 correlations");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void findsTheFirstLineThatWasChanged(int changed) {
    List<String> lines = threeEntries();
    lines.set(changed, lines.get(changed).replaceFirst("\"type\":\"\\w+\"", "\"type\":\"x\""));
    assertThatThrownBy(() -> verify(lines))
        .hasMessage("line %d: was changed: its hash is not that of its content", changed + 1);
  }

  @Test
  void findsLinesThatWereRemovedMovedAddedOrAreMissingAtTheEnd() {
    List<String> all = threeEntries();
    List<String> removed = new ArrayList<>(all);
    removed.remove(2);
    assertThatThrownBy(() -> verify(removed)).hasMessageStartingWith("line 3: does not follow");
    List<String> moved = new ArrayList<>(all);
    moved.add(1, moved.remove(2));
    assertThatThrownBy(() -> verify(moved)).hasMessageStartingWith("line 2: does not follow");
    List<String> added = new ArrayList<>(all);
    added.add(3, added.get(2));
    assertThatThrownBy(() -> verify(added)).hasMessageStartingWith("line 4: does not follow");
    assertThatThrownBy(() -> verify(all.subList(0, 4)))
        .hasMessage("line 5: the end is missing: the file is not complete");
    assertThatThrownBy(() -> verify(List.of()))
        .hasMessageStartingWith("line 1: the end is missing");
    List<String> more = new ArrayList<>(all);
    more.add(all.get(1));
    assertThatThrownBy(() -> verify(more)).hasMessage("line 6: stands after the end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "[]", "null", "{}", "{\"n\": 0, \"n\": 1}", "{\"hash\": 1} {}"})
  void refusesWhatIsNoExport(String line) {
    assertThatThrownBy(() -> verify(List.of(line)))
        .isInstanceOf(AuditChain.BrokenException.class)
        .hasMessageStartingWith("line 1: ");
  }
}
