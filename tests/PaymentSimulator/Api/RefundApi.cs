using ModularMonolith.PaymentSimulator.Books;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary><c>/v1/refunds</c>.</summary>
internal static class RefundApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/refunds", static (HttpContext context, Gate gate, ProviderBooks books) => gate.RunAsync(context, "refund", (form, _) =>
        {
            var (intent, charge) = (form.Text("payment_intent"), form.Text("charge"));
            var amount = form.Number("amount");
            var reason = form.Text("reason");
            var metadata = form.Map("metadata");
            form.Ignore("expand", "instructions_email", "refund_application_fee", "reverse_transfer");
            form.RefuseOthers();
            if (reason is not (null or "duplicate" or "fraudulent" or "requested_by_customer"))
            {
                throw RequestFailure.Invalid(400, null, $"reason cannot be {reason}.", "reason");
            }

            return books.Change(() =>
            {
                var refunded = charge is not null
                    ? books.Charge(charge)
                    : books.Charge(books.Intent(intent ?? throw RequestFailure.Invalid(400, "parameter_missing", "Name a payment_intent or a charge.", "payment_intent")));
                return WireFormat.Of(books.Refund(refunded, amount, reason, metadata));
            });
        }));
        app.MapGet("/v1/refunds", static (HttpContext context, Gate gate, ProviderBooks books) => gate.RunAsync(context, "retrieve", (form, _) =>
        {
            var (intent, charge) = (form.Text("payment_intent"), form.Text("charge"));
            form.Ignore("expand");
            var page = PageRequest.Read(form);
            form.RefuseOthers();
            return books.Read(() => page.Of("/v1/refunds", books.Refunds, WireFormat.Of, refund => (intent ?? refund.IntentId) == refund.IntentId && (charge ?? refund.ChargeId) == refund.ChargeId));
        }));
        app.MapGet("/v1/refunds/{id}", static (HttpContext context, string id, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "retrieve", (_, _) => books.Read(() => WireFormat.Of(books.Refund(id)))));
    }
}
