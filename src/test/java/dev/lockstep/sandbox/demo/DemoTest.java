package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoTest {
  @TempDir Path folder;

  /** It would empty the data of the one that runs. */
  @Test
  void refusesToPlayWhereAnotherDemoPlays() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path kept = Files.writeString(data.resolve("kept"), "");
    StringWriter told = new StringWriter();
    try (FileChannel other =
        FileChannel.open(
            folder.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(other.tryLock()).isNotNull();
      int code =
          new Demo(Clock.systemUTC(), folder, List.of("false"))
              .play(true, Optional.empty(), new Screen(new PrintWriter(told, true), false, 0));
      assertThat(code).isEqualTo(2);
    }
    assertThat(told.toString()).contains("another demo is running in " + folder);
    assertThat(kept).exists();
  }
}
