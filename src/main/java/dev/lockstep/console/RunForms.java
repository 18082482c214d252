package dev.lockstep.console;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.record.Side;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What the forms that pause, plan and backfill offer to choose from. */
@Component
record RunForms(PausableNames names, Mappings mappings) {

  void addTo(Model model) {
    model.addAttribute("systemNames", new TreeSet<>(names.systems()));
    model.addAttribute("mappingNames", new TreeSet<>(names.mappings()));
    model.addAttribute("kinds", kinds());
    model.addAttribute("adoptBy", fields());
  }

  private TreeSet<String> kinds() {
    TreeSet<String> kinds = new TreeSet<>();
    for (Mapping mapping : mappings.all()) {
      Stream.of(Side.values()).map(mapping::kind).forEach(kinds::add);
    }
    return kinds;
  }

  private List<String> fields() {
    Stream<String> fields =
        mappings.all().stream()
            .flatMap(mapping -> mapping.fields().stream())
            .map(FieldMapping::name)
            .sorted();
    return Stream.concat(Stream.of(StartPolicy.CORRELATION), fields).distinct().toList();
  }
}
