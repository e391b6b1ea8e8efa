using System.Globalization;
using System.Web;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Payments.Stripe;

namespace ModularMonolith.Payments.Tests;

/// <summary>How the adapter finds out what became of a call whose answer was lost and that cannot be sent again.</summary>
public sealed class StripeSearchTests
{
    private readonly StripeWire _wire = new();
    private readonly StripeProvider _provider;

    public StripeSearchTests() => _provider = _wire.Provider();

    [Fact]
    public async Task A_fault_that_is_answered_for_ever_is_looked_up_in_the_list()
    {
        var operation = StripeWire.Operation(OperationKind.Authorise);
        _wire.Answers(500, """{"error":{"type":"api_error"}}""", isReplayed: true);
        _wire.Answers(200, """{"object":"search_result","data":[],"has_more":false}""");
        _wire.Answers(200, """{"data":[{"id":"pi_0","status":"requires_capture"}],"has_more":true}""");
        _wire.Answers(200, $$$"""{"data":[{"id":"pi_1","status":"requires_capture","metadata":{"operation_id":"{{{operation.Id}}}"}}],"has_more":false}""");

        Assert.Equal("pi_1", Assert.IsType<WasAuthorised>(await _provider.AuthoriseAsync(operation, default)).Intent);

        Assert.Contains("starting_after=pi_0", _wire.Requests[3].Request.RequestUri!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_long_ago_is_searched_by_its_operation_however_much_was_made_since()
    {
        var operation = StripeWire.Operation(OperationKind.Authorise) with { CreatedAt = DateTimeOffset.UtcNow.AddDays(-2), MayHaveArrived = true };
        _wire.Answers(200, $$$"""{"object":"search_result","data":[{"id":"pi_1","status":"requires_capture","metadata":{"operation_id":"{{{operation.Id}}}"}}],"has_more":false}""");

        Assert.Equal("pi_1", Assert.IsType<WasAuthorised>(await _provider.AuthoriseAsync(operation, default)).Intent);

        var asked = _wire.Requests.Single().Request.RequestUri!;
        Assert.Equal(("/v1/payment_intents/search", $"metadata['operation_id']:'{operation.Id}'"), (asked.AbsolutePath, HttpUtility.ParseQueryString(asked.Query)["query"]));
    }

    // 3,000 payments a day are no reason to give up: the list is read to its end, and it ends where nothing of the operation can be.
    [Theory]
    [InlineData(400, "{}")]
    [InlineData(200, """{"object":"search_result","data":[],"has_more":false}""")]
    public async Task Where_the_search_does_not_find_it_the_list_is_read_for_the_whole_time_in_which_it_can_have_been_made(int status, string searched)
    {
        const int Pages = 30;
        var operation = StripeWire.Operation(OperationKind.Authorise) with { CreatedAt = DateTimeOffset.UtcNow.AddDays(-2), MayHaveArrived = true };
        _wire.Answers(status, searched);
        for (var page = 0; page < Pages; page++)
        {
            _wire.Answers(200, $$"""{"data":[{"id":"pi_other_{{page}}","status":"requires_capture"}],"has_more":true}""");
        }

        _wire.Answers(200, $$$"""{"data":[{"id":"pi_1","status":"requires_capture","metadata":{"operation_id":"{{{operation.Id}}}"}}],"has_more":false}""");

        Assert.Equal("pi_1", Assert.IsType<WasAuthorised>(await _provider.AuthoriseAsync(operation, default)).Intent);

        Assert.Equal(Pages + 2, _wire.Requests.Count);
        var query = HttpUtility.ParseQueryString(_wire.Requests[^1].Request.RequestUri!.Query);
        Assert.Equal(
            (operation.CreatedAt.AddMinutes(-5).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                operation.CreatedAt.AddHours(23).AddMinutes(5).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), $"pi_other_{Pages - 1}"),
            (query["created[gte]"], query["created[lt]"], query["starting_after"]));
    }

    // Stripe forgets keys after a day. What is sent under a forgotten key is done a second time.
    [Theory]
    [InlineData("Authorise", """{"data":[{"id":"pi_1","status":"requires_capture","metadata":{"operation_id":"OPERATION"}}]}""", "WasAuthorised")]
    [InlineData("Charge", """{"data":[{"id":"pi_1","status":"succeeded","latest_charge":"ch_1","metadata":{"operation_id":"OPERATION"}}]}""", "WasCaptured")]
    [InlineData("Capture", """{"id":"pi_1","status":"succeeded","amount_received":100,"latest_charge":"ch_1"}""", "WasCaptured")]
    [InlineData("Refund", """{"data":[{"id":"re_1","status":"succeeded","metadata":{"operation_id":"OPERATION"}}]}""", "WasRefunded")]
    public async Task What_may_have_been_done_a_day_ago_is_looked_up_and_not_sent_again(string kind, string body, string expected)
    {
        var operation = StripeWire.Operation(Enum.Parse<OperationKind>(kind)) with { CreatedAt = DateTimeOffset.UtcNow.AddHours(-24), MayHaveArrived = true };
        _wire.Answers(200, body.Replace("OPERATION", operation.Id.ToString(), StringComparison.Ordinal));

        Assert.Equal(expected, (await SendAsync(operation)).GetType().Name);
        Assert.All(_wire.Requests, static sent => Assert.Equal(HttpMethod.Get, sent.Request.Method));
    }

    [Fact]
    public async Task What_may_have_been_done_a_day_ago_and_is_not_found_is_unknown_and_not_sent_again()
    {
        _wire.Answers(200, """{"object":"search_result","data":[]}""");
        _wire.Answers(200, """{"data":[]}""");

        Assert.IsType<IsUnknown>(await SendAsync(StripeWire.Operation(OperationKind.Authorise) with { CreatedAt = DateTimeOffset.UtcNow.AddHours(-24), MayHaveArrived = true }));
        Assert.All(_wire.Requests, static sent => Assert.Equal(HttpMethod.Get, sent.Request.Method));
    }

    [Theory]
    [InlineData("Capture", """{"id":"pi_1","status":"requires_capture","amount_received":0}""", """{"id":"pi_1","status":"succeeded","latest_charge":"ch_1"}""", "WasCaptured")]
    [InlineData("Refund", """{"data":[]}""", """{"id":"re_1","status":"succeeded"}""", "WasRefunded")]
    public async Task What_was_certainly_not_done_a_day_ago_is_sent(string kind, string asked, string sent, string expected)
    {
        _wire.Answers(200, asked);
        _wire.Answers(200, sent);

        Assert.Equal(expected, (await SendAsync(StripeWire.Operation(Enum.Parse<OperationKind>(kind)) with { CreatedAt = DateTimeOffset.UtcNow.AddHours(-24), MayHaveArrived = true })).GetType().Name);
        Assert.Equal(HttpMethod.Post, _wire.Requests[1].Request.Method);
    }

    [Fact]
    public async Task What_waits_for_a_day_without_having_been_sent_is_sent()
    {
        _wire.Answers(200, """{"id":"pi_1","status":"requires_capture"}""");

        Assert.IsType<WasAuthorised>(await SendAsync(StripeWire.Operation(OperationKind.Authorise) with { CreatedAt = DateTimeOffset.UtcNow.AddHours(-24) }));
        Assert.Equal(HttpMethod.Post, _wire.Requests.Single().Request.Method);
    }

    private Task<ProviderOutcome> SendAsync(ProviderOperation operation) => operation.Kind switch
    {
        OperationKind.Authorise => _provider.AuthoriseAsync(operation, default),
        OperationKind.Charge => _provider.ChargeAsync(operation, default),
        OperationKind.Capture => _provider.CaptureAsync(operation, default),
        _ => _provider.RefundAsync(operation, default),
    };
}
