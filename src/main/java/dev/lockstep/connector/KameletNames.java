package dev.lockstep.connector;

import java.util.Set;
import java.util.TreeSet;

/** The Kamelets that a {@code connector.yaml} requires, named {@code <system>-<call>-action}. */
final class KameletNames {
  static final String AUTHORIZE = "authorize";

  private KameletNames() {}

  static String fetch(String thing) {
    return "fetch-" + thing;
  }

  static String find(String thing) {
    return "find-" + thing;
  }

  static String create(String kind) {
    return "create-" + kind;
  }

  static String update(String kind) {
    return "update-" + kind;
  }

  static String listNotes(String kind) {
    return "list-" + kind + "-notes";
  }

  static String addNote(String kind, String visibility) {
    return "add-" + visibility + "-note-to-" + kind;
  }

  static String merge(String kind) {
    return "merge-" + kind;
  }

  static String link(String kind) {
    return "link-" + kind;
  }

  static String unlink(String kind) {
    return "unlink-" + kind;
  }

  static Set<String> needed(ConnectorDefinition connector) {
    Set<String> calls = new TreeSet<>();
    connector
        .kinds()
        .forEach(
            (name, kind) -> {
              String thing = kind.calls().isEmpty() ? name : kind.calls();
              calls.add(fetch(thing));
              calls.add(find(thing));
              calls.add(create(thing));
              calls.add(update(thing));
              if (kind.notes() != null) {
                calls.add(listNotes(thing));
                kind.notes().add().keySet().forEach(shown -> calls.add(addNote(thing, shown)));
              }
              if (kind.duplicate() != null) {
                calls.addAll(joining(kind.duplicate().by(), thing));
              }
              if (kind.moves() != null) {
                calls.add(kind.moves().list());
                calls.add(kind.moves().by());
              }
              kind.changes()
                  .forEach(
                      feed -> {
                        calls.add(feed.call());
                        if (feed.timeCheck() != null) {
                          calls.add(feed.timeCheck().call());
                        }
                      });
            });
    connector
        .references()
        .keySet()
        .forEach(
            name -> {
              calls.add(fetch(name));
              calls.add(find(name));
            });
    for (ConnectorDefinition.Authorization way : connector.authorization()) {
      if (way.scheme() == ConnectorDefinition.Scheme.CLIENT_CREDENTIALS) {
        calls.add(AUTHORIZE);
      }
    }
    Set<String> names = new TreeSet<>();
    calls.forEach(call -> names.add(connector.kamelet(call)));
    return names;
  }

  private static Set<String> joining(ConnectorDefinition.Joining by, String thing) {
    return switch (by) {
      case UPDATE -> Set.of();
      case LINK -> Set.of(link(thing), unlink(thing));
      case MERGE -> Set.of(merge(thing));
    };
  }
}
