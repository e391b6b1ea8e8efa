using System.Text.Json;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Payments.Stripe;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Payments.Webhooks;

/// <summary>
/// Takes note that something has happened at Stripe. What the event says of it is not believed, because events come late, twice and in any order: the operations that it is about are tried
/// again now, which asks Stripe itself.
/// </summary>
[RetryOnConflict(Attempts = 10)]
internal sealed record ReceiveStripeWebhook(string EventId, Guid PaymentId, Guid? OperationId, string? Intent, string? FailedRefund) : ICommand;

internal sealed class ReceiveStripeWebhookValidator : AbstractValidator<ReceiveStripeWebhook>
{
    public ReceiveStripeWebhookValidator()
    {
        RuleFor(command => command.EventId).NotEmpty().MaximumLength(255).NoNul();
        RuleFor(command => command.Intent).MaximumLength(255).NoNul();
        RuleFor(command => command.FailedRefund).MaximumLength(255).NoNul();
    }
}

internal sealed class ReceiveStripeWebhookEndpoint : ICarterModule
{
    private const int LargestBody = 256 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/webhooks/stripe", static async ([FromServices] StripeSettings? settings, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancellationToken) =>
        {
            if (settings is not { WebhookSecret: { Length: > 0 } secret })
            {
                throw ProblemException.NotFound("endpoint for webhooks of", "Stripe");
            }

            var body = await ReadAsync(http, cancellationToken);
            if (!StripeSignature.Verify(http.Request.Headers["Stripe-Signature"], body, secret, settings.Tolerance, time.GetUtcNow()) || Parse(body) is not { } received)
            {
                throw new ProblemException(PaymentsProblems.WebhookRefused, "The webhook is not signed with this endpoint's secret, or its signature is too old.");
            }

            if (CommandOf(received) is { } command)
            {
                await sender.Send(command, cancellationToken);
            }

            return Results.Ok(new WebhookReceipt(received.Id));
        })
        .AllowAnonymous()
        .WithMetadata(new RequestSizeLimitAttribute(LargestBody))
        .WithName("ReceiveStripeWebhook")
        .WithSummary("Takes webhooks of Stripe, which are signed. It answers at once; what they are about is looked up afterwards.")
        .Accepts<object>("application/json")
        .Produces<WebhookReceipt>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    private static async Task<byte[]> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > LargestBody)
            {
                throw new ProblemException(ProblemTypes.ContentTooLarge, $"A webhook has at most {LargestBody} bytes.");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static StripeEvent? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<StripeEvent>(body) is { Id.Length: > 0 } received ? received : null;
        }
        catch (JsonException)
        {
            // Signed and no JSON: nothing that Stripe sends.
            return null;
        }
    }

    // Without our metadata it is about something that this shop has not made.
    private static ReceiveStripeWebhook? CommandOf(StripeEvent received)
    {
        var about = received.Data?.Object;
        return Guid.TryParse(about?.Metadata?.GetValueOrDefault(StripeMetadata.Payment), out var paymentId)
            ? new ReceiveStripeWebhook(
                received.Id, paymentId, Guid.TryParse(about!.Metadata!.GetValueOrDefault(StripeMetadata.Operation), out var operationId) ? operationId : null,
                about.Kind == "payment_intent" ? about.Id : null,
                about.Kind == "refund" && about.Status is { ValueKind: JsonValueKind.String } status && status.GetString() is "failed" or "canceled" ? about.Id : null)
            : null;
    }
}

/// <summary>That a webhook was received.</summary>
/// <param name="Received">The event's id.</param>
internal sealed record WebhookReceipt(string Received);

internal sealed class ReceiveStripeWebhookHandler(IModuleSession<IPaymentsStore> session, OperationQueue queue, PaymentWriter writer, IPaymentProvider provider, TimeProvider time)
    : IRequestHandler<ReceiveStripeWebhook, Unit>
{
    // An event that has come before changes nothing. An operation that is under way may have been answered before what the event tells of, so it is tried again when it ends. One whose answer was
    // lost learns from the event which intent it has made. What was never tried because it is left to the staff stays left.
    private const string Wake = """
        with fresh as (insert into received_webhook (id, received_at) values (?, ?) on conflict do nothing returning id)
        update provider_operation set
            next_attempt_at = case when is_leased then next_attempt_at else ? end, is_asked = is_leased, state = 'waiting', intent = case when body ->> 'kind' = 'Authorise' and id = ? then coalesce(intent, ?) else intent end
        where payment_id = ? and exists (select from fresh) and not (state = 'stuck' and attempts = 0 and not may_have_arrived)
        """;

    public async Task<Unit> Handle(ReceiveStripeWebhook request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        session.Documents.QueueSqlCommand(Wake, request.EventId, now, now, request.OperationId ?? Guid.Empty, request.Intent!, request.PaymentId);
        session.RecordChange("webhook", request.EventId, "inserted");
        session.AfterCommit(queue.Wake);
        if (request.FailedRefund is { } refund)
        {
            await RecheckAsync(request.PaymentId, refund, cancellationToken);
        }

        return Unit.Value;
    }

    // A refund that is on its way is asked about anyway. One that had arrived can come back weeks later, and then nobody waits for it any more.
    private async Task RecheckAsync(Guid paymentId, string refund, CancellationToken cancellationToken)
    {
        var streams = await PaymentStreams.LoadAsync(session, [paymentId], cancellationToken);
        if (streams.Find(paymentId) is { } stream)
        {
            var change = new PaymentChange(stream.Aggregate!, await GiftCardBook.LoadAsync(session, streams.GiftCards, cancellationToken), provider.Name, time) { Origin = session.Headers };
            change.Recheck(refund);
            writer.Write(change, stream);
        }
    }
}
