using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Payments;

/// <summary>The configuration section <c>payments</c>.</summary>
/// <param name="Provider"><c>test</c>, <c>stripe</c> or <c>none</c>.</param>
/// <param name="Parallelism">How many calls to the provider this host has under way at most.</param>
/// <param name="Deadline">How long the provider may take to answer.</param>
/// <param name="GiveUp">After what time an operation without outcome is left to the staff.</param>
/// <param name="RefundGiveUp">After what time a refund whose outcome is still asked for is left to the staff.</param>
/// <param name="Overdue">After what time an operation without outcome makes the health check degraded.</param>
/// <param name="Stripe">How Stripe is reached; null with another provider.</param>
internal sealed record PaymentsSettings(string Provider, int Parallelism, TimeSpan Deadline, TimeSpan GiveUp, TimeSpan RefundGiveUp, TimeSpan Overdue, StripeSettings? Stripe)
{
    public const string Test = "test";
    public const string StripeName = "stripe";
    public const string None = "none";

    /// <summary>How long an operation belongs to the host that took it: longer than a call can take, with its waiting before and its recording after.</summary>
    public TimeSpan Lease => (Deadline * 2) + TimeSpan.FromSeconds(10);

    /// <exception cref="ModuleConfigurationException">A value is out of range, missing, or not for this environment.</exception>
    public static PaymentsSettings From(IConfiguration configuration, IHostEnvironment environment)
    {
        var provider = configuration["Provider"] ?? (environment.IsDevelopment() ? Test : None);
        if (provider is not (Test or StripeName or None))
        {
            throw new ModuleConfigurationException($"payments:Provider is '{provider}'; it must be {Test}, {StripeName} or {None}.");
        }

        if (provider == Test && environment.IsProduction())
        {
            throw new ModuleConfigurationException("payments:Provider is 'test', with which nobody pays anything, in Production. Set it to 'stripe', or to 'none' for a shop without card payments.");
        }

        return new PaymentsSettings(
            provider,
            Within("Parallelism", configuration.GetValue("Parallelism", 16), 1, 256),
            TimeSpan.FromSeconds(Within("DeadlineSeconds", configuration.GetValue("DeadlineSeconds", 10), 1, 120)),
            TimeSpan.FromHours(Within("GiveUpHours", configuration.GetValue("GiveUpHours", 24), 1, 720)),
            TimeSpan.FromDays(Within("RefundGiveUpDays", configuration.GetValue("RefundGiveUpDays", 60), 1, 365)),
            TimeSpan.FromMinutes(Within("OverdueMinutes", configuration.GetValue("OverdueMinutes", 15), 1, 1_440)),
            provider == StripeName ? StripeSettings.From(configuration) : null);
    }

    internal static int Within(string key, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new ModuleConfigurationException($"payments:{key} is {value}; it must be between {least} and {most}.");
}

/// <summary>How Stripe is reached.</summary>
/// <param name="Address">Where its API is.</param>
/// <param name="SecretKey">With what this shop signs in there.</param>
/// <param name="WebhookSecret">With what Stripe signs its webhooks; null when none are received.</param>
/// <param name="Tolerance">How old the signature of a webhook may be.</param>
/// <param name="Version">The version of the API, <c>Stripe-Version</c>.</param>
/// <param name="ReturnUrl">Where customers come back to after a step at their bank.</param>
internal sealed record StripeSettings(Uri Address, string SecretKey, string? WebhookSecret, TimeSpan Tolerance, string Version, string? ReturnUrl)
{
    // No message repeats a secret, and neither does this.
    public override string ToString() => $"Stripe at {Address}";

    public static StripeSettings From(IConfiguration configuration)
    {
        var address = configuration["Stripe:Address"] ?? "https://api.stripe.com";
        var secret = configuration["Stripe:SecretKey"];
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
        {
            throw new ModuleConfigurationException("payments:Stripe:Address is no https address. Only an address of this machine may be http.");
        }

        return string.IsNullOrWhiteSpace(secret)
            ? throw new ModuleConfigurationException("payments:Stripe:SecretKey is not set. It is the secret key of the account, and belongs into the environment or a secret store.")
            : new StripeSettings(
                uri, secret, configuration["Stripe:WebhookSecret"],
                TimeSpan.FromSeconds(PaymentsSettings.Within("Stripe:ToleranceSeconds", configuration.GetValue("Stripe:ToleranceSeconds", 300), 1, 3_600)),
                configuration["Stripe:Version"] ?? "2024-06-20", configuration["Stripe:ReturnUrl"]);
    }
}
