using ModularMonolith.PaymentSimulator.Books;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary><c>/v1/balance_transactions</c>.</summary>
internal static class ReportApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/balance_transactions", static (HttpContext context, Gate gate, ProviderBooks books) => gate.RunAsync(context, "report", (form, _) =>
        {
            var (source, type, currency) = (form.Text("source"), form.Text("type"), form.Text("currency"));
            form.Ignore("expand");
            var page = PageRequest.Read(form);
            form.RefuseOthers();
            return books.Read(() => page.Of("/v1/balance_transactions", books.Transactions, WireFormat.Of, transaction =>
                (source ?? transaction.Source) == transaction.Source && (type ?? transaction.Type) == transaction.Type && (currency ?? transaction.Currency) == transaction.Currency));
        }));
        app.MapGet("/v1/balance_transactions/{id}", static (HttpContext context, string id, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "report", (_, _) => books.Read(() => WireFormat.Of(books.Transactions.Find(id) ?? throw RequestFailure.Missing("balance transaction", id)))));
    }
}
