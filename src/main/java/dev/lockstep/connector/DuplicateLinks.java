package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.DuplicateDefinition;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Links duplicates to their primary in systems with record links. A record may have several links:
 * the oldest counts, so that a link added by a user changes nothing. A new link is created before
 * the one it replaces is deleted: a crash in between leaves a surplus link, which the next attempt
 * deletes, and never a missing one.
 */
final class DuplicateLinks {
  /** Ids are ascending numbers: the shorter one, or the one that sorts first, is older. */
  private static final Comparator<Link> OLDEST =
      Comparator.<Link>comparingInt(link -> link.id().length()).thenComparing(Link::id);

  private final ConnectorDefinition connector;
  private final DuplicateDefinition how;
  private final SystemClient calls;
  private final Function<RecordRef, NativeRecord> fetch;

  private record Link(String id, String primary) {}

  DuplicateLinks(
      ConnectorDefinition connector,
      DuplicateDefinition how,
      SystemClient calls,
      Function<RecordRef, NativeRecord> fetch) {
    this.connector = connector;
    this.how = how;
    this.calls = calls;
    this.fetch = fetch;
  }

  /** Empty: the record has no such link. Null: it does not show its links. */
  static @Nullable String primaryId(DuplicateDefinition how, JsonNode record) {
    return JsonPath.find(record, how.links()).isMissingNode()
        ? null
        : links(how, record).stream().findFirst().map(Link::primary).orElse("");
  }

  /** The links to primaries, oldest first. */
  private static List<Link> links(DuplicateDefinition how, JsonNode record) {
    return NativeRecords.items(record, how.links()).stream()
        .filter(link -> counts(how, link))
        .map(link -> new Link(JsonPath.text(link, how.id()), JsonPath.text(link, how.primary())))
        .filter(link -> !link.primary().isEmpty())
        .sorted(OLDEST)
        .toList();
  }

  private static boolean counts(DuplicateDefinition how, JsonNode link) {
    return how.only().entrySet().stream()
        .allMatch(only -> JsonPath.text(link, only.getKey()).equals(only.getValue()));
  }

  /** Makes {@code primary} the duplicate's effective primary. */
  NativeRecord put(RecordRef duplicate, RecordRef primary) {
    link(duplicate, primary);
    NativeRecord now = fetch.apply(duplicate);
    List<Link> links = links(how, now.json());
    if (links.stream().noneMatch(link -> link.primary().equals(primary.id()))) {
      throw failed(
          "link " + duplicate + " to " + primary,
          "it was accepted, but the record does not show it",
          "Compare `duplicate` of "
              + connector.file()
              + " with what the record shows, then retry.");
    }
    List<Link> older =
        links.stream().takeWhile(link -> !link.primary().equals(primary.id())).toList();
    return older.isEmpty() ? now : unlink(duplicate, older);
  }

  /** Deletes the effective link and restores the link to the former primary, if any. */
  NativeRecord restore(RecordRef duplicate, String formerId) {
    NativeRecord now = fetch.apply(duplicate);
    List<Link> links = links(how, now.json());
    List<Link> counting =
        links.stream().limit(1).filter(link -> !link.primary().equals(formerId)).toList();
    boolean given =
        formerId.isEmpty() || links.stream().anyMatch(link -> link.primary().equals(formerId));
    if (!given) {
      linkFormer(duplicate, new RecordRef(duplicate.system(), duplicate.kind(), formerId));
    }
    return given && counting.isEmpty() ? now : unlink(duplicate, counting);
  }

  private void linkFormer(RecordRef duplicate, RecordRef former) {
    try {
      link(duplicate, former);
    } catch (RecordNotFoundException e) {
      if (!e.ref().equals(former)) {
        throw e;
      }
      // The former primary has been deleted; there is nothing to restore.
    }
  }

  private void link(RecordRef duplicate, RecordRef primary) {
    String call = CallNames.link(connector.callKind(duplicate.kind()));
    JsonNode body = RequestBodies.duplicateBody(how, duplicate, primary);
    try {
      calls.call(ApiCall.write(connector, call, body).on(duplicate));
    } catch (RecordNotFoundException unclear) {
      // Fetching both determines whether one of them does not exist.
      for (RecordRef one : List.of(duplicate, primary)) {
        var unused = fetch.apply(one);
      }
      throw failed(
          "link " + duplicate + " to " + primary,
          "something was not found, though both are there",
          "Let the user Lockstep works as make such links, and compare `duplicate` of "
              + connector.file()
              + " with the types of link there are, then retry.");
    }
  }

  private NativeRecord unlink(RecordRef duplicate, List<Link> links) {
    for (Link link : links) {
      unlink(duplicate, link);
    }
    NativeRecord now = fetch.apply(duplicate);
    List<Link> left = links(how, now.json());
    if (links.stream().anyMatch(left::contains)) {
      throw failed(
          "unlink " + duplicate,
          "the link is still there",
          "Let the user Lockstep works as in "
              + connector.title()
              + " take such links away, or do it by hand, then retry.");
    }
    return now;
  }

  private void unlink(RecordRef duplicate, Link link) {
    String call = CallNames.unlink(connector.callKind(duplicate.kind()));
    try {
      calls.call(ApiCall.write(connector, call).on(duplicate).with("link", link.id()));
    } catch (RecordNotFoundException e) {
      // Already deleted, or not visible to Lockstep; the fetch after it shows which.
    }
  }

  private static RequestRejectedException failed(String request, String answer, String advice) {
    return new RequestRejectedException(0, request, answer, advice);
  }
}
