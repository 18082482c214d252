package dev.lockstep.e2e;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import dev.lockstep.Application;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** The service in this JVM: most of its classes are loaded, so that it is ready soonest. */
final class ThisProcess implements LockstepInstance.Host {
  private ConfigurableApplicationContext context;
  private FileAppender<ILoggingEvent> appender;

  @Override
  public void launch(Map<String, String> settings, Path log) {
    context = Application.start(settings);
    // After the start, which configures logging.
    appender = appender(log);
    root().addAppender(appender);
  }

  private static FileAppender<ILoggingEvent> appender(Path log) {
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(root().getLoggerContext());
    lines.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n%ex");
    lines.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(root().getLoggerContext());
    appender.setFile(log.toString());
    appender.setEncoder(lines);
    appender.start();
    return appender;
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Override
  public boolean isAlive() {
    return context != null && context.isActive();
  }

  @Override
  public void stop() {
    if (isAlive()) {
      context.close();
      root().detachAppender(appender);
      appender.stop();
    }
  }
}
