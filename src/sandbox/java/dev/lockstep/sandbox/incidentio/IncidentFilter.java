package dev.lockstep.sandbox.incidentio;

import dev.lockstep.sandbox.http.Request;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters of {@code GET /v2/incidents} that its description gives an example of. */
final class IncidentFilter {

  private static final Pattern PARAMETER = Pattern.compile("(\\w+)(?:\\[(\\w+)])?\\[(\\w+)]");
  private static final List<String> PAGING = List.of("page_size", "after");

  private final Organisation organisation;

  IncidentFilter(Organisation organisation) {
    this.organisation = organisation;
  }

  Predicate<DeclaredIncident> of(Request call) {
    Predicate<DeclaredIncident> filter =
        call.query().containsKey("mode[one_of]")
            ? any -> true
            : one -> List.of("standard", "retrospective").contains(one.mode());
    for (Map.Entry<String, List<String>> parameter : call.query().entrySet()) {
      if (!PAGING.contains(parameter.getKey())) {
        filter = filter.and(one(parameter.getKey(), parameter.getValue()));
      }
    }
    return filter;
  }

  private Predicate<DeclaredIncident> one(String parameter, List<String> values) {
    Matcher parts = PARAMETER.matcher(parameter);
    if (!parts.matches()) {
      throw IncidentIoException.invalid(parameter, "unknown filter " + parameter);
    }
    String operator = parts.group(3);
    return switch (parts.group(1)) {
      case "created_at" -> time(parameter, operator, values, DeclaredIncident::createdAt);
      case "updated_at" -> time(parameter, operator, values, DeclaredIncident::updatedAt);
      case "mode" -> oneOf(parameter, operator, values, DeclaredIncident::mode);
      case "status" -> oneOf(parameter, operator, values, one -> one.status().id());
      case "status_category" -> oneOf(parameter, operator, values, one -> one.status().category());
      case "severity" ->
          oneOf(
              parameter,
              operator,
              values,
              one -> one.severity() == null ? "" : one.severity().id());
      case "custom_field" -> {
        String field = parts.group(2) == null ? "" : parts.group(2);
        if (Organisation.first(
                organisation.fields(),
                one -> one.id().equals(field) && one.type().endsWith("select"))
            .isEmpty()) {
          throw IncidentIoException.invalid(parameter, "not a field with options");
        }
        yield oneOf(
            parameter,
            operator,
            values,
            one ->
                one.values().getOrDefault(field, List.of()).stream()
                    .map(value -> value.path("value_option_id").asText())
                    .findFirst()
                    .orElse(""));
      }
      default -> throw IncidentIoException.invalid(parameter, "unknown filter " + parameter);
    };
  }

  private static Predicate<DeclaredIncident> oneOf(
      String parameter,
      String operator,
      List<String> values,
      Function<DeclaredIncident, String> of) {
    return switch (operator) {
      case "one_of" -> one -> values.contains(of.apply(one));
      case "not_in" -> one -> !values.contains(of.apply(one));
      default -> throw IncidentIoException.invalid(parameter, "unknown operator " + operator);
    };
  }

  private static Predicate<DeclaredIncident> time(
      String parameter,
      String operator,
      List<String> values,
      Function<DeclaredIncident, Instant> of) {
    String[] days = values.get(0).split("~", -1);
    Instant from = day(parameter, days[0]);
    // "before or on 2021-01-02T00:00:00Z" is what the example says of lte.
    return switch (operator) {
      case "gte" -> one -> !of.apply(one).isBefore(from);
      case "lte" -> one -> !of.apply(one).isAfter(from);
      case "date_range" -> {
        Instant to = day(parameter, days[days.length - 1]);
        yield one -> !of.apply(one).isBefore(from) && !of.apply(one).isAfter(to);
      }
      default -> throw IncidentIoException.invalid(parameter, "unknown operator " + operator);
    };
  }

  private static Instant day(String parameter, String text) {
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException notADay) {
      throw IncidentIoException.invalid(parameter, text + " is not a day such as 2021-01-02");
    }
  }
}
