package dev.lockstep.communication.vendor;

import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.inbox.RecurringWork;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Checks regularly what vendors have reported; runs in one process. */
@Configuration(proxyBeanMethods = false)
class VendorConfiguration {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** Without a vendor, only what was expected of former ones is to be closed. */
  private static final Duration WITHOUT_VENDOR = Duration.ofMinutes(10);

  @Bean
  RecurringWork vendorWork(CommunicationSettings settings, VendorKeeper vendors) {
    Duration every = settings.vendors().isEmpty() ? WITHOUT_VENDOR : EVERY;
    return new RecurringWork(List.of(new RecurringWork.Job("watch-vendors", every, vendors::run)));
  }
}
