package dev.lockstep.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DuplicatesApiTest {

  @Test
  void knowsEveryStateThereIs() throws ReflectiveOperationException {
    Class<?> states = Class.forName("dev.lockstep.duplicates.Duplicate$State");
    assertThat(Stream.of(states.getEnumConstants()).map(Object::toString))
        .containsExactlyElementsOf(DuplicatesApi.STATES);
  }
}
