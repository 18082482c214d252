package dev.lockstep.console;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.ValueMapping;
import dev.lockstep.ops.EffectiveSettings;
import dev.lockstep.pair.CorrelationQueries;
import dev.lockstep.pair.PairCounts;
import dev.lockstep.pair.PairCounts.Gap;
import dev.lockstep.pair.PairCounts.Unmapped;
import dev.lockstep.pair.UnmappedValue;
import dev.lockstep.record.Side;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The configuration: mappings and settings. */
@Controller
class ConfigurationPages {
  private static final int MOST_GAPS = 500;

  /** Those that have a row by now are among them. */
  private static final int MOST_VALUES = 2000;

  private static final List<Integer> DAYS = List.of(7, 30, 90);
  private static final String PAIR = "pair";

  private final Mappings mappings;
  private final PairCounts pairs;
  private final CorrelationQueries correlations;
  private final EffectiveSettings settings;
  private final Display display;
  private final Clock clock;

  ConfigurationPages(
      Mappings mappings,
      PairCounts pairs,
      CorrelationQueries correlations,
      EffectiveSettings settings,
      Display display,
      Clock clock) {
    this.correlations = correlations;
    this.clock = clock;
    this.mappings = mappings;
    this.pairs = pairs;
    this.settings = settings;
    this.display = display;
  }

  /**
   * @param owner the system whose value is kept if both sides change it
   * @param direction an arrow, or empty if its changes are only reported in notes
   * @param toRight values of the left side and what is written for them; empty: as they are
   */
  record FieldView(
      String name,
      String owner,
      String direction,
      String directionText,
      Map<String, String> toRight,
      Map<String, String> toLeft,
      List<Gap> gaps) {}

  record MappingView(
      String name,
      String left,
      String right,
      boolean startsLeft,
      boolean startsRight,
      boolean comparesDuplicates,
      List<FieldView> fields) {}

  /**
   * A value that occurred and has no row in the tables of its mapping.
   *
   * @param system whose value it is
   * @param recent how often it appeared on a record within the time shown
   * @param now pairs that are not synced because of it at present
   * @param example its latest record
   * @param link the page about that; empty if it is in no pair, so that it has none
   */
  record UnmappedLine(
      UnmappedValue value,
      String system,
      long recent,
      long now,
      Instant firstAt,
      Instant lastAt,
      String example,
      String link) {}

  /**
   * @param days within which occurrences are counted
   */
  @GetMapping("/mappings")
  String mappings(@RequestParam(name = "days", defaultValue = "30") int days, Model model) {
    if (!DAYS.contains(days)) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST, "days: choose one of " + DAYS + ".");
    }
    List<Gap> gaps = pairs.countGaps(MOST_GAPS);
    List<Unmapped> unmapped =
        pairs.countUnmapped(clock.instant().minus(Duration.ofDays(days)), MOST_VALUES).stream()
            .filter(each -> mapping(each.value()).filter(each.value()::isMissingIn).isPresent())
            .limit(MOST_GAPS)
            .toList();
    List<MappingView> views = mappings.all().stream().map(mapping -> view(mapping, gaps)).toList();
    model.addAttribute("mappings", views);
    model.addAttribute("unmapped", lines(unmapped, gaps));
    model.addAttribute(
        "gaps",
        gaps.stream()
            .filter(gap -> unmapped.stream().noneMatch(each -> causes(each.value(), gap)))
            .toList());
    model.addAttribute("days", days);
    model.addAttribute("choices", DAYS);
    return "mappings";
  }

  private Optional<Mapping> mapping(UnmappedValue value) {
    return mappings.findByName(value.mapping());
  }

  private boolean causes(UnmappedValue value, Gap gap) {
    return value.mapping().equals(gap.mapping())
        && value.field().equals(gap.field())
        && mapping(value).flatMap(value::reason).filter(gap.reason()::equals).isPresent();
  }

  private List<UnmappedLine> lines(List<Unmapped> unmapped, List<Gap> gaps) {
    List<UUID> examples =
        unmapped.stream()
            .filter(each -> each.latest().kind().equals(PAIR))
            .map(each -> UUID.fromString(each.latest().id()))
            .toList();
    Map<UUID, String> titles = correlations.titles(examples);
    return unmapped.stream().map(each -> line(each, gaps, titles)).toList();
  }

  private UnmappedLine line(Unmapped each, List<Gap> gaps, Map<UUID, String> titles) {
    String id = each.latest().id();
    String title =
        each.latest().kind().equals(PAIR) ? titles.getOrDefault(UUID.fromString(id), "") : "";
    Mapping mapping = mapping(each.value()).orElseThrow();
    return new UnmappedLine(
        each.value(),
        display.system(mapping.system(each.value().side())),
        each.recent(),
        gaps.stream().filter(gap -> causes(each.value(), gap)).mapToLong(Gap::pairs).sum(),
        each.firstAt(),
        each.lastAt(),
        title.isEmpty() ? id : title,
        title.isEmpty() ? "" : "/incidents/" + id);
  }

  @GetMapping("/settings")
  String settings(Model model) {
    model.addAttribute("settings", settings.all());
    return "settings";
  }

  private MappingView view(Mapping mapping, List<Gap> gaps) {
    List<FieldView> fields = new ArrayList<>();
    for (FieldMapping field : mapping.fields()) {
      fields.add(
          field(
              mapping,
              field,
              gaps.stream()
                  .filter(gap -> gap.mapping().equals(mapping.name()))
                  .filter(gap -> gap.field().equals(field.name()))
                  .toList()));
    }
    return new MappingView(
        mapping.name(),
        records(mapping, Side.LEFT),
        records(mapping, Side.RIGHT),
        mapping.mayStart(Side.LEFT),
        mapping.mayStart(Side.RIGHT),
        mapping.duplicates().isPresent(),
        fields);
  }

  private String records(Mapping mapping, Side side) {
    return display.system(mapping.system(side)) + " " + mapping.kind(side);
  }

  private FieldView field(Mapping mapping, FieldMapping field, List<Gap> gaps) {
    boolean right = field.flowsTo(Side.RIGHT) || field.flowsAtCreationTo(Side.RIGHT);
    boolean left = field.flowsTo(Side.LEFT) || field.flowsAtCreationTo(Side.LEFT);
    Map<String, String> toRight = Map.of();
    Map<String, String> toLeft = Map.of();
    if (field instanceof MappedField mapped
        && mapped.valueMapping() instanceof ValueMapping.Table table) {
      toRight = new TreeMap<>(table.toRight());
      toLeft = new TreeMap<>(table.toLeft());
    }
    return new FieldView(
        field.name(),
        switch (field.owner()) {
          case LEFT -> display.system(mapping.system(Side.LEFT));
          case RIGHT -> display.system(mapping.system(Side.RIGHT));
          case NEWEST -> "newest edit";
        },
        right && left ? "⇄" : right ? "→" : left ? "←" : "–",
        right && left
            ? "both ways"
            : right ? "left to right" : left ? "right to left" : "not synced",
        toRight,
        toLeft,
        gaps);
  }
}
