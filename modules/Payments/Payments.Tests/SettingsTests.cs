using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Payments.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Development", "test")]
    [InlineData("Staging", "none")]
    [InlineData("Production", "none")]
    public void Without_settings_the_environment_decides_about_the_provider(string environment, string provider) => Assert.Equal(provider, Read(environment).Provider);

    [Theory]
    [InlineData("Production", "Provider", "test")]
    [InlineData("Development", "Provider", "paypal")]
    [InlineData("Development", "Parallelism", "0")]
    [InlineData("Development", "DeadlineSeconds", "121")]
    [InlineData("Development", "GiveUpHours", "0")]
    [InlineData("Development", "RefundGiveUpDays", "0")]
    [InlineData("Development", "RefundGiveUpDays", "366")]
    [InlineData("Development", "Provider", "stripe")]
    public void What_cannot_be_is_refused_at_the_start(string environment, string key, string value) => Assert.Throws<ModuleConfigurationException>(() => Read(environment, (key, value)));

    [Theory]
    [InlineData("http://payments.example")]
    [InlineData("nonsense")]
    public void The_secret_key_is_not_sent_in_the_clear(string address) =>
        Assert.Throws<ModuleConfigurationException>(() => Read("Production", ("Provider", "stripe"), ("Stripe:SecretKey", "sk_live_1"), ("Stripe:Address", address)));

    [Fact]
    public void Secrets_are_in_no_text()
    {
        var settings = Read("Production", ("Provider", "stripe"), ("Stripe:SecretKey", "sk_live_1"), ("Stripe:WebhookSecret", "whsec_1"));

        Assert.DoesNotContain("sk_live_1", settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_1", settings.ToString(), StringComparison.Ordinal);
    }

    private static PaymentsSettings Read(string environment, params (string Key, string Value)[] settings) => PaymentsSettings.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build(), new Named { EnvironmentName = environment });

    private sealed class Named : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = string.Empty;

        public string ApplicationName { get; set; } = "Tests";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
