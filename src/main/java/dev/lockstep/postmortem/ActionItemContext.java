package dev.lockstep.postmortem;

import dev.lockstep.mapping.Mappings;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemGateway;
import dev.lockstep.postmortem.actionitem.ItemOrigin;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.MappingCatalog;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Supplies the incident and postmortem data shown on an item's record. */
@Component
class ActionItemContext implements ActionItemGateway.ContextProvider {
  /** May be the key of an issue; an address is not. */
  private static final Pattern KEY = Pattern.compile("[A-Z][A-Z0-9_]+-\\d+");

  /** {@code INC0010001}, {@code OPS-12}. */
  private static final Pattern NAMES = Pattern.compile("\\b[A-Z][A-Z0-9_]*-?\\d{1,12}\\b");

  private static final int MOST_NAMES = 20;

  private final MappingCatalog mappings;
  private final IncidentLookup incidents;
  private final PostmortemStore postmortems;

  ActionItemContext(
      MappingCatalog mappings, IncidentLookup incidents, PostmortemStore postmortems) {
    this.mappings = mappings;
    this.incidents = incidents;
    this.postmortems = postmortems;
  }

  @Override
  public ItemOrigin findOrigin(ActionItem item) {
    Map<String, String> ids = new HashMap<>();
    RecordRef ref = item.incident();
    Incident incident = ref == null ? null : incidents.findKnown(ref).orElse(null);
    if (ref != null) {
      ids.put(ref.system(), ref.id());
    }
    if (incident != null) {
      incident.records().forEach(record -> ids.put(record.system(), record.id()));
    }
    return new ItemOrigin(ids, incident == null ? "" : incident.seen().key(), url(item, incident));
  }

  private String url(ActionItem item, @Nullable Incident incident) {
    String written =
        item.postmortem() == null
            ? ""
            : postmortems.find(item.postmortem()).map(StoredPostmortem::url).orElse("");
    return written.isEmpty() && incident != null ? incident.seen().url() : written;
  }

  @Override
  public Optional<RecordRef> findMentioned(String text) {
    return NAMES
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .distinct()
        .limit(MOST_NAMES)
        .flatMap(name -> incidents.findKnownByName(name).stream())
        .map(Incident::ref)
        .findFirst();
  }

  @Override
  public String followUp(String ticket) {
    if (!KEY.matcher(ticket).matches()) {
      return "";
    }
    return followUps().findFirst().map(place -> counterpart(place) + ticket).orElse("");
  }

  @Override
  public boolean isFollowUp(RecordRef counterpart) {
    return followUps().anyMatch(place -> counterpart.toString().startsWith(counterpart(place)));
  }

  /** An item never starts the issue it is followed up in: it is named, or found in its system. */
  private Stream<Mappings.MappedSide> followUps() {
    return mappings.forRecord(ActionItem.SYSTEM, ActionItem.KIND).stream()
        .filter(place -> !place.mapping().mayStart(place.side()));
  }

  private static String counterpart(Mappings.MappedSide place) {
    return place.mapping().system(place.side().other())
        + "/"
        + place.mapping().kind(place.side().other())
        + "/";
  }
}
