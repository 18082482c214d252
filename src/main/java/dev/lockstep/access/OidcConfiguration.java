package dev.lockstep.access;

import org.springframework.boot.autoconfigure.security.oauth2.client.ConditionalOnOAuth2ClientRegistrationProperties;
import org.springframework.boot.autoconfigure.security.oauth2.client.OAuth2ClientProperties;
import org.springframework.boot.autoconfigure.security.oauth2.client.OAuth2ClientPropertiesMapper;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;

/** The identity provider, if one is set. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnOAuth2ClientRegistrationProperties
@EnableConfigurationProperties(OAuth2ClientProperties.class)
class OidcConfiguration {

  /**
   * Asks the provider for its addresses at the first log-in and not at the start, as Boot's own
   * would: while the provider is away, records stay in sync.
   */
  @Bean
  ClientRegistrationRepository clientRegistrations(OAuth2ClientProperties settings) {
    return new SupplierClientRegistrationRepository(
        () ->
            new InMemoryClientRegistrationRepository(
                new OAuth2ClientPropertiesMapper(settings).asClientRegistrations()));
  }
}
