using ModularMonolith.PaymentSimulator.Books;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary>Where the customer says yes or no, as at the bank that has issued the card.</summary>
internal static class AuthenticationPage
{
    public const string Path = "/_simulator/authentications/";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path + "{id}", static (string id, ProviderBooks books) =>
        {
            var status = books.Read(() => books.Intents.Find(id)?.Status);
            return status is null ? Results.NotFound() : Results.Content(Html(id, status), "text/html; charset=utf-8");
        });

        // outcome=succeed or outcome=fail, in the address or as a form.
        app.MapPost(Path + "{id}", static async (string id, HttpRequest request, ProviderBooks books) =>
        {
            var outcome = request.HasFormContentType ? (await request.ReadFormAsync())["outcome"].ToString() : request.Query["outcome"].ToString();
            if (outcome is not ("succeed" or "fail"))
            {
                return Results.BadRequest("Say outcome=succeed or outcome=fail.");
            }

            var (found, completed, returnAddress) = books.Change(() =>
            {
                var intent = books.Intents.Find(id);
                return (intent is not null, intent is not null && books.Authenticate(intent, outcome == "succeed"), intent?.ReturnAddress);
            });
            return (found, completed) switch
            {
                (false, _) => Results.NotFound(),
                (_, false) => Results.Conflict("There is nothing to complete: the intent does not wait for it."),
                _ when returnAddress is not null => new SeeOther(returnAddress + (returnAddress.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "payment_intent=" + id),
                _ => Results.Text("Done."),
            };
        });
    }

    // Ids are made here and statuses are our own words, so nothing has to be encoded.
    private static string Html(string id, string status) =>
        $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Payment simulator</title></head><body>
        <h1>Is it you who pays?</h1><p>{id}: {status}</p>
        <form method="post"><button name="outcome" value="succeed">Yes, pay</button> <button name="outcome" value="fail">No, refuse</button></form>
        </body></html>
        """;

    private sealed class SeeOther(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }
}
