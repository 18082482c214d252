package dev.lockstep.trace.timeline;

import dev.lockstep.postmortem.followup.ClosingNote;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.record.PlainText;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** The timeline as a note, if that is switched on: milestones, changes and notes, a line each. */
@Component
@ConditionalOnProperty(name = "lockstep.timeline.note-at-closing", havingValue = "true")
class TimelineNote implements ClosingNote {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int LONGEST_LINE = 200;

  /** Leaves room for the mark within the shortest limit of a note, in characters. */
  private static final int LONGEST = 3800;

  private final Timelines timelines;

  TimelineNote(Timelines timelines) {
    this.timelines = timelines;
  }

  @Override
  public Optional<String> text(Incident incident) {
    return timelines.find(incident.ref()).map(TimelineNote::format);
  }

  /** If it is too long, lines in the middle are left out. */
  static String format(Timeline timeline) {
    List<String> lines =
        timeline.upTo(Weight.EVENT).events().stream().map(event -> line(timeline, event)).toList();
    String head = "Timeline (UTC):\n";
    List<String> first = new ArrayList<>();
    List<String> last = new ArrayList<>();
    int room = LONGEST - head.length() - omitted(lines.size(), timeline.key()).length();
    int from = 0;
    int to = lines.size();
    while (from < to) {
      boolean atStart = first.size() <= last.size();
      String next = lines.get(atStart ? from : to - 1);
      room -= next.length() + 1;
      if (room < 0) {
        break;
      }
      if (atStart) {
        first.add(next);
        from++;
      } else {
        last.add(0, next);
        to--;
      }
    }
    if (from < to) {
      first.add(omitted(to - from, timeline.key()));
    }
    first.addAll(last);
    return head + String.join("\n", first);
  }

  private static String omitted(int count, String key) {
    return "… %d more: `./lockstep timeline %s`".formatted(count, key);
  }

  private static String line(Timeline timeline, TimelineEvent event) {
    String by = event.by().isBlank() ? "" : ", " + event.by();
    String text = event.text().isBlank() ? "" : ": " + event.text();
    String line =
        PlainText.oneLine(
            "%s %s %s%s %s%s"
                .formatted(
                    TIME.format(event.at()),
                    timeline.titleOf(event.system()),
                    event.record(),
                    by,
                    event.what(),
                    text));
    return PlainText.shorten(line, LONGEST_LINE);
  }
}
