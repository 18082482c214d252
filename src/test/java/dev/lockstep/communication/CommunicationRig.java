package dev.lockstep.communication;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.communication.Communications.Due;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.ExampleIncidents;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Incidents, those who are informed of them, and a clock that is set. */
public final class CommunicationRig implements AutoCloseable {
  private static final String SETTINGS =
      """
      audiences:
        executives:
          title: Executives
          every: {P1: 15m, P2: 30m}
          after-resolution: 15m
          template: t.txt
          to: [{channel: mail}]
        customers:
          title: Customers
          every: {P1: 60m}
          template: t.txt
          to: [{system: itsm, visibility: public}, {system: platform, visibility: internal}]
      remind-before: 5m
      remind: [manager, {channel: ops}]
      escalate:
        - {after: 0m, to: [{channel: ops}, {system: itsm, visibility: internal}]}
        - {after: 10m, to: [{channel: mail}]}
      channels:
        mail: {kind: teams, url: "http://localhost:%1$d/mail"}
        ops: {kind: teams, url: "http://localhost:%1$d/ops"}
      """;

  private static final String TEMPLATE =
      """
      {{level}} {{key}} {{title}} ({{stage}}), {{duration}}
      {{#changes}}
      {{what}}: {{from}} -> {{to}}
      {{/changes}}
      {{#next}}Next: {{next}}{{/next}}
      {{#next-due}}Again by {{next-due}}.{{/next-due}}
      {{#last-update}}Last {{last-update}} by {{last-by}}, number {{number}}.{{/last-update}}
      {{#records}}
      {{system}} {{record-key}}
      {{/records}}
      """;

  public final FakeSystems systems = new FakeSystems();
  final WireMockServer channels = new WireMockServer(wireMockConfig().dynamicPort());

  /** A day ago, so that it can go on without overtaking the real one. */
  public final SettableClock clock =
      new SettableClock(
          Clock.systemUTC().instant().minus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS));

  public final Engine engine;

  CommunicationRig(Path dir) {
    this(dir, "", 25);
  }

  /**
   * @param more sections of the settings
   * @param smtpPort of the mail server on this machine
   */
  public CommunicationRig(Path dir, String more, int smtpPort) {
    channels.start();
    try {
      Files.createDirectory(dir.resolve("templates"));
      Files.writeString(dir.resolve("templates/t.txt"), TEMPLATE);
      Path file =
          Files.writeString(dir.resolve("c.yaml"), SETTINGS.formatted(channels.port()) + more);
      engine =
          new Engine(
              ExampleIncidents.mapping(),
              systems,
              Map.of(
                  "lockstep.communications", file.toString(),
                  "lockstep.smtp.host", "127.0.0.1",
                  "lockstep.smtp.port", smtpPort,
                  "lockstep.smtp.from", "lockstep@example.com",
                  "lockstep.smtp.security", "none"),
              clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As on the first day. */
  public void empty() {
    engine.forget();
    systems.forget();
    systems.onChange(engine::receive);
    channels.resetAll();
    channels.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(202)));
  }

  Communications communications() {
    return engine.bean(Communications.class);
  }

  /** A ticket that is kept in sync. */
  public RecordRef open(String priority, Map<String, String> more) {
    Map<String, String> fields = new HashMap<>();
    fields.put("scope", "yes");
    fields.put("title", "Portal down");
    fields.put("priority", priority);
    fields.put("service", "Portal");
    fields.put("assignee", "ann");
    fields.put("status", "new");
    fields.putAll(more);
    RecordRef ref = systems.person("itsm", fields);
    engine.settle();
    return ref;
  }

  RecordRef open(String priority) {
    return open(priority, Map.of());
  }

  public void edit(RecordRef ref, String field, String value) {
    systems.person(ref, Map.of(field, value));
    engine.settle();
  }

  public void pass(Duration time) {
    clock.advance(time);
    keep();
  }

  /** What the recurring job does. */
  void keep() {
    engine.bean(CadenceKeeper.class).run();
  }

  /** What is due for an audience; null if nothing is. */
  Due due(RecordRef incident, String audience) {
    return communications().list().stream()
        .filter(due -> due.incident().ref().equals(incident.toString()))
        .filter(due -> due.audience().equals(audience))
        .findFirst()
        .orElse(null);
  }

  Instant in(Duration time) {
    return clock.instant().plus(time);
  }

  public List<String> messages(String channel) {
    return engine
        .jdbc
        .sql("select title from message where channel = ? order by created_at, id")
        .param(channel)
        .query(String.class)
        .list();
  }

  public List<AuditEvent> audit(RecordRef incident, String what) {
    return engine.bean(AuditStore.class).findAll(CadenceKeeper.subject(incident), List.of(what));
  }

  @Override
  public void close() {
    engine.close();
    channels.stop();
  }
}
