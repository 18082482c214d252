package dev.lockstep.console;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.ValueMapping;
import dev.lockstep.ops.EffectiveSettings;
import dev.lockstep.pair.PairCounts;
import dev.lockstep.pair.PairCounts.Gap;
import dev.lockstep.record.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The configuration: mappings and settings. */
@Controller
class ConfigurationPages {
  private static final int MOST_GAPS = 500;

  private final Mappings mappings;
  private final PairCounts pairs;
  private final EffectiveSettings settings;
  private final Display display;

  ConfigurationPages(
      Mappings mappings, PairCounts pairs, EffectiveSettings settings, Display display) {
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

  @GetMapping("/mappings")
  String mappings(Model model) {
    List<Gap> gaps = pairs.countGaps(MOST_GAPS);
    List<MappingView> views = mappings.all().stream().map(mapping -> view(mapping, gaps)).toList();
    model.addAttribute("mappings", views);
    model.addAttribute("gaps", gaps);
    return "mappings";
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
