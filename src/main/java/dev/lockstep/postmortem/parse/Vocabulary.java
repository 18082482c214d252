package dev.lockstep.postmortem.parse;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words of postmortems by language, from {@code config/postmortem-words.yaml}. */
public record Vocabulary(Map<String, Language> languages) {
  public Vocabulary {
    languages = new LinkedHashMap<>(languages);
  }

  /** One language; the keys are documented in the file. */
  public record Language(
      @JsonProperty("date-order") @Nullable String dateOrder,
      @JsonProperty("sections") List<String> sections,
      @JsonProperty("section-words") List<String> sectionWords,
      @JsonProperty("section-fillers") List<String> sectionFillers,
      @JsonProperty("not-sections") List<String> notSections,
      @JsonProperty("other-sections") List<String> otherSections,
      @JsonProperty("columns") Map<String, List<String>> columns,
      @JsonProperty("labels") Map<String, List<String>> labels,
      @JsonProperty("nothing") List<String> nothing,
      @JsonProperty("nothing-to-do") List<String> nothingToDo,
      @JsonProperty("statuses") Map<String, List<String>> statuses,
      @JsonProperty("priorities") List<String> priorities,
      @JsonProperty("months") List<List<String>> months,
      @JsonProperty("weekdays") List<String> weekdays,
      @JsonProperty("date-words") List<String> dateWords,
      @JsonProperty("due") List<String> due,
      @JsonProperty("due-in-brackets") List<String> dueInBrackets,
      @JsonProperty("due-after") List<String> dueAfter,
      @JsonProperty("vague") List<String> vague,
      @JsonProperty("spans") List<String> spans,
      @JsonProperty("span-words") List<String> spanWords,
      @JsonProperty("and") List<String> and,
      @JsonProperty("teams") List<String> teams) {
    public Language {
      dateOrder = Objects.requireNonNullElse(dateOrder, "unknown");
      sections = orNone(sections);
      sectionWords = orNone(sectionWords);
      sectionFillers = orNone(sectionFillers);
      notSections = orNone(notSections);
      otherSections = orNone(otherSections);
      columns = orNone(columns);
      labels = orNone(labels);
      nothing = orNone(nothing);
      nothingToDo = orNone(nothingToDo);
      statuses = orNone(statuses);
      priorities = orNone(priorities);
      months = orNone(months);
      weekdays = orNone(weekdays);
      dateWords = orNone(dateWords);
      due = orNone(due);
      dueInBrackets = orNone(dueInBrackets);
      dueAfter = orNone(dueAfter);
      vague = orNone(vague);
      spans = orNone(spans);
      spanWords = orNone(spanWords);
      and = orNone(and);
      teams = orNone(teams);
    }

    public List<String> dueAnywhere() {
      return Stream.concat(due.stream(), dueInBrackets.stream()).toList();
    }

    private static <T> List<T> orNone(@Nullable List<T> words) {
      return words == null ? List.of() : List.copyOf(words);
    }

    private static Map<String, List<String>> orNone(@Nullable Map<String, List<String>> words) {
      return words == null ? Map.of() : Map.copyOf(words);
    }
  }

  /** Of all languages. */
  public List<String> all(
      java.util.function.Function<Language, ? extends Collection<String>> words) {
    return languages.values().stream().flatMap(each -> words.apply(each).stream()).toList();
  }

  public List<String> columns(String field) {
    return all(each -> each.columns().getOrDefault(field, List.of()));
  }

  public List<String> labels(String field) {
    return all(each -> each.labels().getOrDefault(field, List.of()));
  }

  public List<String> statuses(String kind) {
    return all(each -> each.statuses().getOrDefault(kind, List.of()));
  }

  /** All names of a month, from 0. */
  public List<String> month(int index) {
    return all(each -> each.months().isEmpty() ? List.of() : each.months().get(index));
  }

  public List<String> months() {
    return all(each -> each.months().stream().flatMap(List::stream).toList());
  }

  public Stream<Map.Entry<String, Language>> stream() {
    return languages.entrySet().stream();
  }
}
