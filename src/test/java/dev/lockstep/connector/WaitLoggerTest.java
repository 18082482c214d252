package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lockstep.testkit.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A limit that is reached is said, and not two thousand times. */
final class WaitLoggerTest {
  private final SettableClock clock = new SettableClock();
  private final WaitLogger waits = new WaitLogger("Toy", clock);
  private final Logger logger = (Logger) LoggerFactory.getLogger(WaitLogger.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void silence() {
    logger.detachAppender(log);
  }

  @Test
  void saysOnceAMinuteHowManyCallsWaited() {
    for (int second = 0; second < 600; second++) {
      waits.log(new RetryLaterException(Duration.ofMillis(second), "the rate is used up"));
      waits.log(new RetryLaterException(Duration.ofMillis(1), "the rate is used up"));
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(log.list).hasSize(10);
    assertThat(log.list.get(0).getFormattedMessage())
        .isEqualTo(
            "Toy: 1 call waits since this was last logged, the longest 0 ms; now: the rate is used"
                + " up");
    assertThat(log.list.get(1).getFormattedMessage())
        .startsWith("Toy: 120 calls waited since this was last logged, the longest 60 ms");
  }
}
