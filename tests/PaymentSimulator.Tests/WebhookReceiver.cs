using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ModularMonolith.PaymentSimulator.Tests;

/// <summary>A shop that takes webhooks.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _refusals;

    private WebhookReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Body, string Signature)> Received { get; } = new();

    public Uri Address => new(_app.Urls.First() + "/hook");

    /// <param name="refusals">How many are refused at first.</param>
    public static async Task<WebhookReceiver> StartAsync(int refusals = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app) { _refusals = refusals };
        app.MapPost("/hook", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            return Results.StatusCode(503);
        }

        Received.Enqueue((body, request.Headers["Stripe-Signature"].ToString()));
        return Results.Ok();
    }
}
