package dev.lockstep.connector.definition;

import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.ListingDefinition.Page;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The calls that the record kinds and references of a {@code connector.yaml} require, by name. */
final class RequiredCalls {
  private final Map<String, RequiredCall> calls = new TreeMap<>();

  /**
   * @param place the key that requires it
   * @param arguments what its texts may contain as {@code {name}}
   * @param sendsBody whether Lockstep provides its body
   */
  record RequiredCall(List<String> place, Set<String> arguments, boolean sendsBody) {}

  private RequiredCalls() {}

  static Map<String, RequiredCall> of(ConnectorDefinition connector) {
    RequiredCalls required = new RequiredCalls();
    connector.kinds().forEach((name, kind) -> required.addKind(connector, name, kind));
    connector.references().forEach(required::addReference);
    connector.onCall().forEach(required::addOnCall);
    connector.checks().forEach(required::addCheck);
    if (connector.self() != null) {
      required.read(connector.self().call(), List.of("self"), null);
    }
    return required.calls;
  }

  private void addKind(ConnectorDefinition connector, String name, KindDefinition kind) {
    String thing = connector.callKind(name);
    List<String> place = List.of("kinds", name);
    if (!kind.appendOnly()) {
      read(CallNames.fetch(thing), place, null, "id", "fields");
    }
    read(CallNames.find(thing), place, kind.find().page(), "correlation", "fields");
    write(CallNames.create(thing), place, "correlation", "fields");
    // Not needed where each field has a call of its own, or nothing is ever changed.
    if (kind.writes().isEmpty() && !kind.appendOnly()
        || connector.calls().containsKey(CallNames.update(thing))) {
      write(CallNames.update(thing), place, "id", "fields");
    }
    for (KindDefinition.FieldCall write : kind.writes()) {
      read(write.call(), List.of("kinds", name, "writes"), null, "id", "value");
    }
    if (kind.notes() != null) {
      List<String> notes = List.of("kinds", name, "notes");
      read(CallNames.listNotes(thing), notes, kind.notes().page(), "id");
      if (kind.notes().one() != null) {
        read(CallNames.fetchNote(thing), notes, null, "id", "note");
      }
      if (connector.calls().containsKey(CallNames.pinNote(thing))) {
        read(CallNames.pinNote(thing), notes, null, "id", "note");
      }
      if (!kind.notes().text().call().isEmpty()) {
        read(kind.notes().text().call(), notes, null, "id", "note");
      }
      kind.notes()
          .add()
          .keySet()
          .forEach(shown -> write(CallNames.addNote(thing, shown), notes, "id"));
    }
    if (kind.duplicate() != null) {
      addDuplicate(kind.duplicate(), thing, List.of("kinds", name, "duplicate"));
    }
    if (kind.moves() != null) {
      List<String> moves = List.of("kinds", name, "moves");
      read(kind.moves().list(), moves, null, "id");
      write(kind.moves().by(), moves, "id");
    }
    for (Feed feed : kind.changes()) {
      List<String> changes = List.of("kinds", name, "changes");
      if (feed.perRecord()) {
        read(feed.call(), changes, feed.page(), "id");
      } else if (feed.takesQuery()) {
        read(feed.call(), changes, feed.page(), "fields", RequestTemplate.FILTER);
      } else {
        read(feed.call(), changes, feed.page(), "fields");
      }
      if (feed.timeCheck() != null) {
        read(feed.timeCheck().call(), changes, null, "fields");
      }
    }
  }

  private void addDuplicate(DuplicateDefinition duplicate, String thing, List<String> place) {
    switch (duplicate.by()) {
      case UPDATE -> {}
      case LINK -> {
        write(CallNames.link(thing), place, "id");
        read(CallNames.unlink(thing), place, null, "id", "link");
      }
      case MERGE -> write(CallNames.merge(thing), place, "id");
    }
  }

  private void addReference(String name, ReferenceDefinition reference) {
    List<String> place = List.of("references", name);
    read(CallNames.fetch(name), place, reference.page(), "id", "fields");
    read(CallNames.find(name), place, reference.page(), "key", "fields");
  }

  private void addOnCall(String kind, OnCallDefinition onCall) {
    read(CallNames.findOnCall(kind), List.of("on-call", kind), onCall.page(), "id");
  }

  private void addCheck(CheckDefinition check) {
    CheckDefinition.From from = check.from();
    if (!check.call().isEmpty() && from == null) {
      read(check.call(), List.of("checks"), null);
    } else if (from != null) {
      read(check.call(), List.of("checks"), null, "id");
      if (!from.records()) {
        read(from.call(), List.of("checks"), null);
      }
    }
    CheckDefinition.TestWebhook test = check.testWebhook();
    if (test != null) {
      read(test.call(), List.of("checks"), null, "id");
    }
    CheckDefinition.Repair repair = check.repair();
    if (repair != null) {
      read(repair.call(), List.of("checks"), null, "id");
    }
  }

  /** A call whose body, if any, is declared with it. */
  private void read(String call, List<String> place, @Nullable Page page, String... arguments) {
    Set<String> all = new TreeSet<>(Set.of(arguments));
    if (page != null) {
      all.addAll(page.by().arguments());
    }
    add(call, new RequiredCall(place, all, false));
  }

  private void write(String call, List<String> place, String... arguments) {
    add(call, new RequiredCall(place, Set.of(arguments), true));
  }

  /** Two kinds may share a call; it then has the arguments that both provide. */
  private void add(String call, RequiredCall required) {
    calls.merge(
        call,
        required,
        (first, second) -> {
          Set<String> both = new TreeSet<>(first.arguments());
          both.retainAll(second.arguments());
          return new RequiredCall(first.place(), both, first.sendsBody() || second.sendsBody());
        });
  }
}
