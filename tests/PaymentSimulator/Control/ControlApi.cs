using ModularMonolith.PaymentSimulator.Api;
using ModularMonolith.PaymentSimulator.Books;
using ModularMonolith.PaymentSimulator.Faults;
using ModularMonolith.PaymentSimulator.Webhooks;

namespace ModularMonolith.PaymentSimulator.Control;

/// <summary>Where webhooks go.</summary>
internal sealed record WebhookTarget(Uri? Address, string? Secret);

/// <summary>A movement that nothing explains.</summary>
internal sealed record StrayTransaction(long Amount, string Currency, string Type = "charge", string? Source = null, long Fee = 0);

/// <summary>What becomes of the refunds that are on their way.</summary>
/// <param name="Reference">Those whose metadata has this reference.</param>
/// <param name="Succeeds">Whether they arrive.</param>
/// <param name="EvenIfArrived">Whether those that had arrived come back too.</param>
internal sealed record RefundEnd(string Reference, bool Succeeds, bool EvenIfArrived = false);

/// <summary>What tests order and ask. Without credentials: the simulator listens on loopback only.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/_simulator");
        control.MapGet("/faults", static (FaultPlan faults) => faults.Orders);
        control.MapPost("/faults", static (FaultOrder order, FaultPlan faults) => faults.Add(order)
            ? Results.NoContent()
            : Results.BadRequest("At most 100 faults; next is 1 or more, probability 0 to 1, milliseconds 0 to 600000."));
        control.MapDelete("/faults", static (FaultPlan faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        control.MapDelete("/faults/{kind}", static (string kind, FaultPlan faults) =>
        {
            var matching = Enum.GetValues<FaultKind>().Where(value => string.Equals(value.ToString(), kind.Replace("-", string.Empty, StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)).ToList();
            if (matching is not [var found])
            {
                return Results.NotFound();
            }

            faults.Clear(found);
            return Results.NoContent();
        });
        control.MapGet("/outage", static (FaultPlan faults) => faults.LastOutage);
        control.MapGet("/outage/end", static (FaultPlan faults, CancellationToken cancellationToken) => faults.EndAsync(cancellationToken));
        control.MapGet("/webhooks", static (WebhookSender sender) => sender.Counts);
        control.MapPut("/webhooks", static (WebhookTarget target, WebhookSender sender) =>
        {
            sender.Secret = target.Secret ?? sender.Secret;
            sender.Address = target.Address;
            return Results.NoContent();
        });
        control.MapPost("/transactions", static (StrayTransaction stray, ProviderBooks books) =>
            Results.Content(books.Change(() => WireFormat.Of(books.Move(stray.Amount, stray.Fee, stray.Currency, stray.Source, stray.Type))).ToJsonString(), "application/json"));
        control.MapPost("/refunds", static (RefundEnd end, ProviderBooks books) => books.Change(() =>
        {
            var pending = books.Refunds.All.Where(refund => (refund.IsPending || (end is { Succeeds: false, EvenIfArrived: true } && refund.FailureReason is null)) && refund.Metadata.GetValueOrDefault("reference") == end.Reference).ToList();
            pending.ForEach(refund => books.Finish(refund, end.Succeeds));
            return pending.Count;
        }));

        // by: payment_method, or the name of a key of the metadata.
        control.MapGet("/ledger", static (ProviderBooks books, string? by) => books.Read(() => ChargedTotals.Of(books, by ?? "payment_method")));
    }
}
