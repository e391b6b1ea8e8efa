using System.Net;
using ModularMonolith.PaymentSimulator.Api;
using ModularMonolith.PaymentSimulator.Books;
using ModularMonolith.PaymentSimulator.Control;
using ModularMonolith.PaymentSimulator.Faults;
using ModularMonolith.PaymentSimulator.Webhooks;

namespace ModularMonolith.PaymentSimulator;

/// <summary>
/// A payment provider that moves no money: it answers as the public PaymentIntents interface of Stripe does, as far as a shop needs it, keeps everything in memory and fails on demand.
/// </summary>
internal static class SimulatorApplication
{
    private const string AnyPort = "http://127.0.0.1:0";

    /// <summary>The addresses of the command line that others than this machine could reach.</summary>
    public static IReadOnlyList<string> AddressesOutside(string[] args) =>
        [.. Addresses(new ConfigurationBuilder().AddCommandLine(args).Build()).Where(static address => !IsLoopback(address))];

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls([.. Addresses(builder.Configuration)]);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = FormParameters.LongestBody);
        builder.Services.AddSingleton(SimulatorSettings.Read(builder.Configuration));
        builder.Services.AddSingleton<FaultPlan>();
        builder.Services.AddSingleton<Idempotency>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<WebhookSender>());
        builder.Services.AddSingleton<IEventSink>(static services => services.GetRequiredService<WebhookSender>());
        builder.Services.AddSingleton<ProviderBooks>();
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddSingleton(TimeProvider.System);
        var app = builder.Build();
        PaymentIntentApi.Map(app);
        RefundApi.Map(app);
        ReportApi.Map(app);
        AuthenticationPage.Map(app);
        ControlApi.Map(app);
        app.MapFallback(static (HttpContext context, Gate gate) => gate.RunAsync(context, "unknown", static (_, request) =>
            throw RequestFailure.Invalid(404, null, $"Unrecognized request URL ({request.Method}: {request.Path}).")));
        return app;
    }

    private static string[] Addresses(IConfiguration configuration) => (configuration["urls"] ?? AnyPort).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
}
