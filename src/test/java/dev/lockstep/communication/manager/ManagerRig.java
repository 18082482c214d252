package dev.lockstep.communication.manager;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.communication.CommunicationRig;
import dev.lockstep.communication.manager.IncidentManagers.Led;
import dev.lockstep.communication.manager.IncidentManagers.Outcome;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Incidents that need managers, people who may lead them, and a clock that is set. */
final class ManagerRig implements AutoCloseable {
  static final String ANN = "ann@example.com";
  static final String BOB = "bob@example.com";
  static final String CYD = "cyd@example.com";

  private static final String SETTINGS =
      """
      incident-manager:
        levels: [P1, P2]
        within: 5m
        assign: %s
        candidates:
          - ann@example.com
          - {system: platform, policy: MAJOR}
          - cyd@example.com
        escalate:
          - {after: 0m, to: [{channel: ops}, {system: itsm, visibility: internal}]}
          - {after: 10m, to: [{channel: mail}]}
      on-call:
        levels: [P1]
        system: platform
        policy: {field: service, services: {Portal: PORTAL}}
      """;

  final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  final CommunicationRig rig;

  ManagerRig(Path dir, String assign) {
    mail.start();
    rig = new CommunicationRig(dir, SETTINGS.formatted(assign), mail.getSmtp().getPort());
  }

  void empty() {
    // Work that is under way must not wait for what is emptied.
    rig.engine.settle();
    rig.empty();
    try {
      mail.purgeEmailFromAllMailboxes();
    } catch (FolderException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A ticket whose record names nobody. */
  RecordRef open(String priority) {
    return open(priority, Map.of());
  }

  RecordRef open(String priority, Map<String, String> more) {
    Map<String, String> fields = new HashMap<>(Map.of("assignee", ""));
    fields.putAll(more);
    return rig.open(priority, fields);
  }

  void keep() {
    rig.engine.bean(ManagerKeeper.class).run();
  }

  void pass(Duration time) {
    rig.clock.advance(time);
    keep();
  }

  /** What keeps the updates for stakeholders. */
  void keepUpdates(Duration time) {
    rig.pass(time);
  }

  void showOnCall() {
    rig.engine.bean(OnCallKeeper.class).run();
    rig.engine.settle();
  }

  IncidentManagers managers() {
    return rig.engine.bean(IncidentManagers.class);
  }

  Led led(RecordRef incident) {
    return managers().show(incident.toString()).led();
  }

  String manager(RecordRef incident) {
    return led(incident).manager();
  }

  String proposed(RecordRef incident) {
    return led(incident).proposed();
  }

  static ManagerRequest request(String to) {
    return new ManagerRequest(to, null, "", "", UUID.randomUUID().toString(), "dee");
  }

  Outcome assign(RecordRef incident, String to) {
    return managers().assign(incident.toString(), request(to));
  }

  Outcome handOver(RecordRef incident, String to, String reason) {
    return managers()
        .handOver(
            incident.toString(),
            new ManagerRequest(to, null, reason, "", UUID.randomUUID().toString(), "dee"));
  }

  /** What Lockstep wrote of itself, without the announcements of links. */
  List<String> notes(RecordRef incident) {
    rig.engine.settle();
    return rig.systems.noteTexts(incident).stream()
        .filter(text -> NoteMark.ofWriter(text).isPresent())
        .map(NoteMark::removeFrom)
        .filter(text -> !text.startsWith("Kept in sync with"))
        .toList();
  }

  List<String> audit(RecordRef incident, String what) {
    return rig.audit(incident, what).stream()
        .map(AuditEvent::entry)
        .map(entry -> entry.text())
        .toList();
  }

  @Override
  public void close() {
    rig.close();
    mail.stop();
  }
}
