package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Translation;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.ValueMapping;
import dev.lockstep.record.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple3;
import org.jspecify.annotations.Nullable;

/** What a translation leaves behind must count as agreed, or two systems correct each other. */
class TranslationPropertiesTest {

  private final Mapping mapping = Shipped.incident();

  /** A field, a left and a right value, listed ones and any others. */
  @Provide
  Arbitrary<Tuple3<FieldMapping, String, String>> cases() {
    return Arbitraries.of(mapping.fields())
        .flatMap(
            field ->
                values(field, Side.LEFT)
                    .flatMap(
                        left ->
                            values(field, Side.RIGHT).map(right -> Tuple.of(field, left, right))));
  }

  private static Arbitrary<String> values(FieldMapping field, Side side) {
    ValueMapping words = ((MappedField) field).valueMapping();
    List<String> listed = new ArrayList<>(words.knownValues(side));
    if (words instanceof ValueMapping.Table table) {
      listed.addAll((side == Side.LEFT ? table.toRight() : table.toLeft()).keySet());
      listed.addAll((side == Side.LEFT ? table.toLeft() : table.toRight()).values());
    }
    listed.addAll(List.of("", "?", "id:x", "(no title)", "Default Service", "A", "a"));
    return Arbitraries.oneOf(
        Arbitraries.of(listed), Arbitraries.strings().ofMaxLength(400), longTexts(), layouts());
  }

  private static Arbitrary<String> longTexts() {
    return Arbitraries.of("x", "\uD83D\uDD25", "ab ")
        .flatMap(part -> Arbitraries.integers().between(50, 1100).map(part::repeat));
  }

  private static Arbitrary<String> layouts() {
    return Arbitraries.of("a", " ", "\n", "\r\n", "\t", "\u00a0", "\u001b[1m", "\u202e", "e\u0301")
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }

  @Property(tries = 1500)
  void whatIsWrittenAgreesWithWhatItWasTranslatedFrom(
      @ForAll("cases") Tuple3<FieldMapping, String, String> given, @ForAll boolean known) {
    for (Side from : Side.values()) {
      String value = from == Side.LEFT ? given.get2() : given.get3();
      String current = from == Side.LEFT ? given.get3() : given.get2();
      String written = written(given.get1(), from, value, known ? current : null);
      if (written != null) {
        assertAgree(given.get1(), from, value, written);
      }
    }
  }

  @Property(tries = 1500)
  void whatWasWrittenIsNeverTranslatedBack(
      @ForAll("cases") Tuple3<FieldMapping, String, String> given) {
    FieldMapping field = given.get1();
    for (Side from : Side.values()) {
      String value = from == Side.LEFT ? given.get2() : given.get3();
      String current = from == Side.LEFT ? given.get3() : given.get2();
      String written = written(field, from, value, current);
      if (written != null) {
        assertThat(field.translate(from.other(), written, value))
            .isEqualTo(new Translation.AlreadyThere());
        assertThat(field.translate(from, value, written)).isEqualTo(new Translation.AlreadyThere());
      }
    }
  }

  @Property(tries = 700)
  void whatIsLeftAloneAgreesAlready(@ForAll("cases") Tuple3<FieldMapping, String, String> given) {
    FieldMapping field = given.get1();
    if (field.translate(Side.LEFT, given.get2(), given.get3())
        instanceof Translation.AlreadyThere) {
      assertThat(field.agree(given.get2(), given.get3())).isTrue();
    }
    if (field.translate(Side.RIGHT, given.get3(), given.get2())
        instanceof Translation.AlreadyThere) {
      assertThat(field.agree(given.get2(), given.get3())).isTrue();
    }
  }

  @Property(tries = 700)
  void whatIsWrittenFits(@ForAll("cases") Tuple3<FieldMapping, String, String> given) {
    MappedField field = (MappedField) given.get1();
    String written = written(field, Side.RIGHT, given.get3(), null);
    if (written != null && field.left().limit().characters() > 0) {
      assertThat(written.length()).isLessThanOrEqualTo(field.left().limit().characters());
      assertThat(written).doesNotEndWith("\uD83D…");
    }
  }

  @Property(tries = 700)
  void readingWhatWasWrittenAgrees(@ForAll("cases") Tuple3<FieldMapping, String, String> given) {
    MappedField field = (MappedField) given.get1();
    for (Side side : Side.values()) {
      String value = side == Side.LEFT ? given.get2() : given.get3();
      Mapping.Write write = mapping.write(side, Map.of(field.name(), value), new EverythingKnown());
      String back = mapping.read(side, write.body(), new EverythingKnown()).get(field.name());
      if (write.gaps().isEmpty() && !value.startsWith(MappedField.UNKNOWN_ID)) {
        assertThat(back).isEqualTo(value);
      }
    }
  }

  private static @Nullable String written(
      FieldMapping field, Side from, String value, @Nullable String current) {
    return field.translate(from, value, current) instanceof Translation.To to ? to.value() : null;
  }

  private static void assertAgree(FieldMapping field, Side from, String value, String written) {
    assertThat(from == Side.LEFT ? field.agree(value, written) : field.agree(written, value))
        .as("%s from %s: '%s' became '%s'", field.name(), from, value, written)
        .isTrue();
  }
}
