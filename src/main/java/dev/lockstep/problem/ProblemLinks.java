package dev.lockstep.problem;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.json.JsonPath;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.problem.ProblemStore.Link;
import dev.lockstep.problem.ProblemStore.Member;
import dev.lockstep.record.RecordRef;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Writes a problem's record to its incidents, where their system has a field for it. Idempotent: a
 * record that names the problem is left alone, and so is one that names another.
 */
@Component
class ProblemLinks {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemLinks.class);

  private final ProblemStore store;
  private final RecordStore records;
  private final PairStore pairs;
  private final Connectors connectors;

  ProblemLinks(ProblemStore store, RecordStore records, PairStore pairs, Connectors connectors) {
    this.store = store;
    this.records = records;
    this.pairs = pairs;
    this.connectors = connectors;
  }

  void run() {
    for (Problem problem : store.findToLink()) {
      RecordRef record = RecordRef.parse(problem.counterpart());
      if (!linkAll(problem, record)) {
        return;
      }
    }
  }

  /**
   * @return false if its system cannot be asked now; the next run continues
   */
  private boolean linkAll(Problem problem, RecordRef record) {
    for (Member member : store.members(List.of(problem.id()))) {
      if (member.link() != Link.WAITING) {
        continue;
      }
      try {
        link(member, record);
      } catch (RetryLaterException | SystemUnavailableException e) {
        LOG.debug("Incidents of {} are linked later: {}", problem.ref(), e.getMessage());
        return false;
      } catch (RecordNotFoundException e) {
        store.saveLink(member.incident(), Link.ABSENT, "it does not exist any more");
      } catch (RequestRejectedException e) {
        LOG.warn("{} was not linked to {}: {}", member.incident(), record, e.getMessage());
        store.saveLink(
            member.incident(), Link.REFUSED, Objects.requireNonNullElse(e.getMessage(), ""));
      }
    }
    return true;
  }

  private void link(Member member, RecordRef problem) {
    RecordRef incident = there(member.incident(), problem).orElse(null);
    if (incident == null) {
      store.saveLink(member.incident(), Link.ABSENT, "it has no record in the problem's system");
      return;
    }
    String field = connectors.memberField(incident.system(), incident.kind(), problem.kind());
    String named = JsonPath.text(connectors.fetch(incident).json(), field);
    if (!named.isEmpty() && !named.equals(problem.id())) {
      store.saveLink(member.incident(), Link.OTHER, "its record names another problem");
      return;
    }
    if (named.isEmpty()) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      JsonPath.put(body, field, TextNode.valueOf(problem.id()));
      connectors.update(incident, body);
    }
    store.saveLink(member.incident(), Link.LINKED, "");
  }

  /** The incident's record in the problem's system. */
  private Optional<RecordRef> there(RecordRef incident, RecordRef problem) {
    Set<RecordRef> others =
        records
            .correlationOf(incident)
            .map(correlation -> pairs.load(correlation).records())
            .orElse(Set.of());
    return Stream.concat(Stream.of(incident), others.stream())
        .filter(ref -> ref.system().equals(problem.system()))
        .filter(ref -> !connectors.memberField(ref.system(), ref.kind(), problem.kind()).isEmpty())
        .findFirst();
  }
}
