package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.pagerduty.IncidentEvent;
import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.servicenow.RecordChange;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people do on both sides, over and over: of twenty edits five rename a ticket, four write a
 * work note, two change its urgency, five acknowledge an incident or take that back, four write a
 * note on one. A title edited in PagerDuty is not among them: it sends no webhook.
 */
final class Edits {
  private static final Pattern MARK = Pattern.compile("edit-\\d+");
  private static final String TURNS = "TANTAUTNATNATNAUTNAN";

  private final World world;
  private volatile Arrivals arrivals = new Arrivals(System.nanoTime());

  Edits(World world) {
    this.world = world;
    world.tickets().onChange(this::seenInTickets);
    world.platform().onChange(this::seenOnPlatform);
  }

  /** Where the edits made from now on are expected. */
  void expectIn(Arrivals next) {
    arrivals = next;
  }

  /**
   * Makes one edit.
   *
   * @param number of this edit, rising
   * @param due when the schedule wanted it
   */
  void make(int number, World.Linked pair, long due) {
    boolean onPlatform = number / TURNS.length() % 2 == 1;
    String mark = "edit-" + number;
    switch (TURNS.charAt(number % TURNS.length())) {
      case 'T' -> rename(pair, mark, due);
      case 'U' -> urgency(pair, due);
      case 'A' -> acknowledge(pair, due);
      default -> note(pair, mark, due, onPlatform);
    }
  }

  private void rename(World.Linked pair, String mark, long due) {
    arrivals.expect(pair.incident() + " title", mark, due);
    world.agent().update(pair.sysId(), Map.of("short_description", "Charts do not open, " + mark));
  }

  private void urgency(World.Linked pair, long due) {
    String now = world.tickets().value(pair.sysId(), "urgency");
    String wanted = now.equals("1") ? "2" : "1";
    arrivals.expect(pair.incident() + " priority", wanted.equals("1") ? "P1" : "P2", due);
    world.agent().update(pair.sysId(), Map.of("urgency", wanted));
  }

  private void acknowledge(World.Linked pair, long due) {
    boolean acknowledged =
        world.platform().incident(pair.incident()).status() == IncidentStatus.ACKNOWLEDGED;
    arrivals.expect(pair.sysId() + " state", acknowledged ? "1" : "2", due);
    if (acknowledged) {
      world.responder().unacknowledge(pair.incident());
    } else {
      world.responder().acknowledge(pair.incident());
    }
  }

  private void note(World.Linked pair, String mark, long due, boolean onPlatform) {
    String text = "Restarted the chart viewer, no change, " + mark;
    if (onPlatform) {
      arrivals.expect(pair.sysId() + " note " + mark, mark, due);
      world.responder().addNote(pair.incident(), text);
    } else {
      arrivals.expect(pair.incident() + " note " + mark, mark, due);
      world.agent().addWorkNote(pair.sysId(), text);
    }
  }

  private void seenInTickets(RecordChange change) {
    if (change.overHttp()) {
      String state = change.fields().get("state");
      if (state != null) {
        arrivals.arrived(change.sysId() + " state", state);
      }
      change.journal().forEach(entry -> noteArrived(change.sysId(), entry.value()));
    }
  }

  private void seenOnPlatform(IncidentEvent change) {
    String id = change.incident().id();
    if (change.note() != null) {
      noteArrived(id, change.note().content());
    }
    Matcher mark = MARK.matcher(change.incident().title());
    if (mark.find()) {
      arrivals.arrived(id + " title", mark.group());
    }
    if (change.incident().priority() != null) {
      arrivals.arrived(id + " priority", change.incident().priority().name());
    }
  }

  private void noteArrived(String record, String text) {
    Matcher mark = MARK.matcher(text);
    if (mark.find()) {
      arrivals.arrived(record + " note " + mark.group(), mark.group());
    }
  }
}
