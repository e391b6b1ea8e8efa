using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModularMonolith.PaymentSimulator.Books;
using ModularMonolith.PaymentSimulator.Faults;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary><c>/v1/payment_intents</c>.</summary>
internal static partial class PaymentIntentApi
{
    // Real shops send these; they change nothing about what is authorised, captured or refunded.
    private static readonly string[] WithoutEffect =
    [
        "payment_method_types", "automatic_payment_methods", "confirmation_method", "customer", "description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix",
        "setup_future_usage", "shipping", "payment_method_options", "payment_method_data", "mandate_data", "radar_options", "use_stripe_sdk",
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/payment_intents", static (HttpContext context, Gate gate, ProviderBooks books, FaultPlan faults) =>
            gate.RunAsync(context, "create", (form, request) => Create(form, request, books, faults)));
        app.MapGet("/v1/payment_intents", static (HttpContext context, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "retrieve", (form, _) => List(form, books)));
        app.MapGet("/v1/payment_intents/search", static (HttpContext context, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "retrieve", (form, _) => Search(form, books)));
        app.MapGet("/v1/payment_intents/{id}", static (HttpContext context, string id, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "retrieve", (form, _) =>
            {
                form.Ignore("client_secret");
                var expand = Expand(form);
                return books.Read(() => WireFormat.Of(books.Intent(id), books, expand));
            }));
        app.MapPost("/v1/payment_intents/{id}/confirm", static (HttpContext context, string id, Gate gate, ProviderBooks books, FaultPlan faults) =>
            gate.RunAsync(context, "confirm", (form, request) => Confirm(id, form, request, books, faults)));
        app.MapPost("/v1/payment_intents/{id}/capture", static (HttpContext context, string id, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "capture", (form, _) => Capture(id, form, books)));
        app.MapPost("/v1/payment_intents/{id}/cancel", static (HttpContext context, string id, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "cancel", (form, _) => Cancel(id, form, books)));
        app.MapGet("/v1/charges/{id}", static (HttpContext context, string id, Gate gate, ProviderBooks books) =>
            gate.RunAsync(context, "retrieve", (form, _) =>
            {
                Expand(form);
                return books.Read(() => WireFormat.Of(books.Charge(id)));
            }));
    }

    private static JsonObject Create(FormParameters form, HttpRequest request, ProviderBooks books, FaultPlan faults)
    {
        var amount = form.Number("amount") ?? throw RequestFailure.Invalid(400, "parameter_missing", "The parameter amount is required.", "amount");
        var intent = new NewIntent(
            amount,
            Currencies.Check(form.RequiredText("currency"), amount),
            form.OneOf("capture_method", "automatic", "automatic", "automatic_async", "manual"),
            form.Text("payment_method"),
            form.Map("metadata"),
            form.OneOf("payment_method_options[card][request_multicapture]", "never", "never", "if_available") == "if_available");
        var confirms = form.Flag("confirm");
        var confirmation = Confirmation(form, request, faults, confirms ? "create" : null);
        var expand = Expand(form);
        return books.Change(() =>
        {
            var created = books.Create(intent);
            if (confirms)
            {
                books.Confirm(created, confirmation);
            }

            return WireFormat.Of(created, books, expand);
        });
    }

    private static JsonObject Confirm(string id, FormParameters form, HttpRequest request, ProviderBooks books, FaultPlan faults)
    {
        var method = form.Text("payment_method");
        var confirmation = Confirmation(form, request, faults, "confirm");
        var expand = Expand(form);
        return books.Change(() =>
        {
            var intent = books.Intent(id);
            intent.PaymentMethod = method ?? intent.PaymentMethod;
            books.Confirm(intent, confirmation);
            return WireFormat.Of(intent, books, expand);
        });
    }

    private static JsonObject Capture(string id, FormParameters form, ProviderBooks books)
    {
        var amount = form.Number("amount_to_capture");
        var isFinal = form.Flag("final_capture", otherwise: true);
        form.Ignore("metadata", "statement_descriptor", "statement_descriptor_suffix", "application_fee_amount");
        var expand = Expand(form);
        return books.Change(() =>
        {
            var intent = books.Intent(id);
            books.Capture(intent, amount, isFinal);
            return WireFormat.Of(intent, books, expand);
        });
    }

    private static JsonObject Cancel(string id, FormParameters form, ProviderBooks books)
    {
        var reason = form.Text("cancellation_reason");
        if (reason is not (null or "duplicate" or "fraudulent" or "requested_by_customer" or "abandoned"))
        {
            throw RequestFailure.Invalid(400, null, $"cancellation_reason cannot be {reason}.", "cancellation_reason");
        }

        var expand = Expand(form);
        return books.Change(() =>
        {
            var intent = books.Intent(id);
            books.Cancel(intent, reason);
            return WireFormat.Of(intent, books, expand);
        });
    }

    private static JsonObject List(FormParameters form, ProviderBooks books)
    {
        form.Ignore("customer");
        var page = PageRequest.Read(form);
        var expand = Expand(form);
        return books.Read(() => page.Of("/v1/payment_intents", books.Intents, intent => WireFormat.Of(intent, books, expand)));
    }

    // Of the query language what looks for one value of the metadata: metadata['key']:'value'.
    private static JsonObject Search(FormParameters form, ProviderBooks books)
    {
        var query = form.RequiredText("query");
        var limit = form.Number("limit") ?? 10;
        var wanted = MetadataQuery().Match(query);
        if (!wanted.Success || limit is < 1 or > 100)
        {
            throw wanted.Success
                ? RequestFailure.Invalid(400, null, "limit is 1 to 100.", "limit")
                : RequestFailure.Invalid(400, null, "query can be metadata['key']:'value' only.", "query");
        }

        var (key, value) = (wanted.Groups["key"].Value, wanted.Groups["value"].Value);
        var expand = Expand(form);
        return books.Read(() =>
        {
            var found = new JsonArray();
            for (var index = books.Intents.Count - 1; index >= 0 && found.Count < limit; index--)
            {
                if (books.Intents[index] is var intent && intent.Metadata.GetValueOrDefault(key) == value)
                {
                    found.Add((JsonNode)WireFormat.Of(intent, books, expand));
                }
            }

            return new JsonObject { ["object"] = "search_result", ["url"] = "/v1/payment_intents/search", ["has_more"] = false, ["next_page"] = null, ["data"] = found };
        });
    }

    [GeneratedRegex(@"\Ametadata\['(?<key>[^']+)'\]:'(?<value>[^']*)'\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex MetadataQuery();

    private static Confirmation Confirmation(FormParameters form, HttpRequest request, FaultPlan faults, string? operation) => new(
        form.Text("return_url"),
        form.Flag("off_session") || form.Flag("error_on_requires_action"),
        operation is not null && faults.Take(FaultKind.Decline, operation) is not null,
        new Uri($"{request.Scheme}://{request.Host}"));

    private static IReadOnlyList<string> Expand(FormParameters form)
    {
        var expand = form.List("expand");
        form.Ignore(WithoutEffect);
        form.RefuseOthers();
        return expand;
    }
}
