package dev.lockstep.ops;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Prevents external text from forging log lines or controlling a terminal, in every log format; see
 * {@link EscapedEvent}.
 */
public final class LogLines {

  private LogLines() {}

  /** Wraps every appender; idempotent. */
  public static void install() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLoggerList().forEach(LogLines::install);
    }
  }

  static void install(AppenderAttachable<ILoggingEvent> logger) {
    List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    logger.iteratorForAppenders().forEachRemaining(appenders::add);
    for (Appender<ILoggingEvent> appender : appenders) {
      if (!(appender instanceof Escaping)) {
        logger.detachAppender(appender);
        logger.addAppender(new Escaping(appender));
      }
    }
  }

  private static final class Escaping extends AppenderBase<ILoggingEvent> {
    private final Appender<ILoggingEvent> target;

    Escaping(Appender<ILoggingEvent> target) {
      this.target = target;
      setName(target.getName());
      setContext(target.getContext());
      start();
    }

    @Override
    protected void append(ILoggingEvent event) {
      target.doAppend(new EscapedEvent(event));
    }

    @Override
    public void stop() {
      super.stop();
      target.stop();
    }
  }
}
