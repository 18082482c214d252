package dev.lockstep.publish;

import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.apache.camel.component.mail.JavaMailSender;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The mail server that the route of e-mails sends to. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SmtpSettings.class)
public class PublishConfiguration {

  /** Named in {@code routes/publish-email.yaml}; connects with each message, not before. */
  @Bean("smtpSender")
  JavaMailSender smtpSender(SmtpSettings settings) {
    DefaultJavaMailSender sender = new DefaultJavaMailSender();
    sender.setProtocol(EmailChannel.protocol(settings));
    sender.setHost(settings.host());
    sender.setPort(settings.port());
    if (!settings.username().isEmpty()) {
      sender.setUsername(settings.username());
      sender.setPassword(settings.password());
    }
    sender.setJavaMailProperties(EmailChannel.properties(settings));
    return sender;
  }
}
