package dev.lockstep.postmortem.actionitem;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects changes to one item and applies them together. */
public final class ActionItemBuilder {
  private final ActionItem before;
  private @Nullable Long postmortem;
  private SourceItem sourceItem;
  private @Nullable RecordRef incident;
  private String title;
  private String description;
  private String owner;
  private @Nullable LocalDate due;
  private String service;
  private String group;
  private String type;
  private List<EarlierChange> earlier;
  private String counterpart;
  private String followUp;
  private ChangeRequestState change;
  private ActionItemStatus stage;
  private List<String> problems;
  private String notified;
  private Instant reportedAt;

  ActionItemBuilder(ActionItem item) {
    before = item;
    postmortem = item.postmortem();
    sourceItem = item.sourceItem();
    incident = item.incident();
    title = item.title();
    description = item.description();
    owner = item.owner();
    due = item.due();
    service = item.service();
    group = item.group();
    type = item.type();
    earlier = item.earlier();
    counterpart = item.counterpart();
    followUp = item.followUp();
    change = item.change();
    stage = item.stage();
    problems = item.problems();
    notified = item.notified();
    reportedAt = item.reportedAt();
  }

  public ActionItemBuilder postmortem(@Nullable Long to) {
    postmortem = to;
    return this;
  }

  public ActionItemBuilder sourceItem(SourceItem to) {
    sourceItem = to;
    return this;
  }

  public ActionItemBuilder incident(@Nullable RecordRef to) {
    incident = to;
    return this;
  }

  public ActionItemBuilder title(String to) {
    title = to;
    return this;
  }

  public ActionItemBuilder description(String to) {
    description = to;
    return this;
  }

  public ActionItemBuilder owner(String to) {
    owner = to;
    return this;
  }

  public ActionItemBuilder due(@Nullable LocalDate to) {
    due = to;
    return this;
  }

  public ActionItemBuilder service(String to) {
    service = to;
    return this;
  }

  public ActionItemBuilder group(String to) {
    group = to;
    return this;
  }

  public ActionItemBuilder type(String to) {
    type = to;
    return this;
  }

  public ActionItemBuilder earlier(List<EarlierChange> to) {
    earlier = to;
    return this;
  }

  public ActionItemBuilder counterpart(String to) {
    counterpart = to;
    return this;
  }

  public ActionItemBuilder followUp(String to) {
    followUp = to;
    return this;
  }

  public ActionItemBuilder change(ChangeRequestState to) {
    change = to;
    return this;
  }

  public ActionItemBuilder stage(ActionItemStatus to) {
    stage = to;
    return this;
  }

  public ActionItemBuilder problems(List<String> to) {
    problems = to;
    return this;
  }

  public ActionItemBuilder notified(String to) {
    notified = to;
    return this;
  }

  public ActionItemBuilder reportedAt(Instant to) {
    reportedAt = to;
    return this;
  }

  public ActionItem done() {
    return new ActionItem(
        before.id(),
        before.revision(),
        postmortem,
        before.source(),
        before.sourceId(),
        incident,
        sourceItem,
        title,
        description,
        owner,
        due,
        service,
        group,
        type,
        earlier,
        counterpart,
        followUp,
        change,
        stage,
        problems,
        notified,
        reportedAt,
        before.createdAt(),
        before.changedAt());
  }
}
