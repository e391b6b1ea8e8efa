using System.Net;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Returns.Requests;

namespace ModularMonolith.Returns.Tests;

/// <summary>On a host of its own, because the clock is set forward.</summary>
public sealed class ReturnTransitionTests(ReturnsHost returns) : IClassFixture<ReturnsHost>
{
    private static readonly TransitionTable Table = new("""
                      Approve   Reject    Cancel     Expire   Receive   Inspect    FailRefund    RetryRefund   Complete   Exchange  RefuseExchange
        Requested     Approved  Rejected  Cancelled  -        -         -          -             -             -          -         -
        Approved      -         -         Cancelled  Expired  Received  -          -             -             -          -         -
        Rejected      -         -         -          -        -         -          -             -             -          -         -
        Cancelled     -         -         -          -        -         -          -             -             -          -         -
        Expired       -         -         -          -        -         -          -             -             -          -         -
        Received      -         -         -          -        -         Inspected  -             -             -          -         -
        Inspected     -         -         -          -        -         -          RefundFailed  -             Completed  =         =
        RefundFailed  -         -         -          -        -         -          -             Inspected     Completed  =         =
        Completed     -         -         -          -        -         -          -             -             -          =         =
        """);

    // Asking again for what was done already answers the same return.
    private static readonly Dictionary<string, string> Repeatable = new() { ["approve"] = "Approved", ["reject"] = "Rejected", ["cancel"] = "Cancelled", ["receive"] = "Received" };

    public static TheoryData<string> Statuses() => [.. Table.Statuses];

    [Fact]
    public void A_return_moves_only_as_the_table_says() => Assert.Empty(Table.Differences<ReturnStatus, ReturnAction>(ReturnTransitions.Allows, ReturnTransitions.Next));

    [Fact]
    public void The_page_shows_the_states_as_they_are() => StateDiagram
        .Of<ReturnStatus, ReturnAction>("the states of a return", ReturnStatus.Requested, "request", ReturnTransitions.Next)
        .CheckShownOn("docs/modules/returns.md");

    /// <summary>Every command and every answer of Ordering, at a real return in every status.</summary>
    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Every_command_answers_in_every_status_as_the_table_says(string status)
    {
        foreach (var (action, column) in new[]
        {
            ("approve", ReturnAction.Approve), ("reject", ReturnAction.Reject), ("cancel", ReturnAction.Cancel), ("receive", ReturnAction.Receive), ("inspect", ReturnAction.Inspect),
            ("retry-refund", ReturnAction.RetryRefund),
        })
        {
            var order = returns.Delivered(1);
            var id = await InAsync(order, status);
            var answer = await returns.DoAsync(id, action, action switch
            {
                "reject" => new { reason = "It was worn." },
                "inspect" => new { lines = new[] { ReturnsHost.Inspected(order, 0, 1) } },
                _ => null,
            });
            var next = Table.After(status, column.ToString());
            if (Repeatable.GetValueOrDefault(action) == status || next is not null)
            {
                Assert.Equal(Words.Of(Enum.Parse<ReturnStatus>(next ?? status)), answer.Expect(HttpStatusCode.OK)["status"]);
                Assert.Equal(answer.Text, (await returns.GetAsync($"returns/{id}")).Text);
                Assert.Equal(answer.ETag, (await returns.GetAsync($"returns/{id}")).ETag);
            }
            else
            {
                Assert.Equal(Words.Of(Enum.Parse<ReturnStatus>(status)), answer.Problem(HttpStatusCode.Conflict, "illegal-state").GetProperty("state").GetString());
            }
        }

        await AnswersAreTakenAsync(status);
    }

    private async Task AnswersAreTakenAsync(string status)
    {
        var (refunded, failed, fence) = (await InAsync(returns.Delivered(1), status), await InAsync(returns.Delivered(1), status), await InAsync(returns.Delivered(1), "Inspected"));
        await returns.Host.PublishAsync(new OrderRefunded(fence, refunded, new Money(1_000, "EUR"), returns.Host.Time.GetUtcNow()));
        await returns.Host.PublishAsync(new OrderRefundFailed(fence, failed, "The card was closed."));
        await returns.Host.PublishAsync(new OrderRefundFailed(fence, fence, "The card was closed."));
        await returns.StatusAsync(fence, "refundFailed");
        await returns.Host.PublishAsync(new OrderRefunded(fence, fence, new Money(1_000, "EUR"), returns.Host.Time.GetUtcNow()));
        await returns.StatusAsync(fence, "completed");

        // Without an exchange these two are about nothing.
        await returns.Host.PublishAsync(new GoodsExchanged(fence, fence, Guid.NewGuid(), Guid.NewGuid(), returns.Host.Time.GetUtcNow()));
        await returns.Host.PublishAsync(new ExchangeRefused(fence, fence, Guid.NewGuid(), "Sold out.", returns.Host.Time.GetUtcNow()));
        await returns.StatusAsync(refunded, After(status, ReturnAction.Complete));
        await returns.StatusAsync(failed, After(status, ReturnAction.FailRefund));
    }

    private static string After(string status, ReturnAction action) => Words.Of(Enum.Parse<ReturnStatus>(Table.After(status, action.ToString()) ?? status));

    private async Task<Guid> InAsync(ReturnableOrder order, string status)
    {
        var id = status switch
        {
            "Received" or "Inspected" or "RefundFailed" or "Completed" => await returns.ReceivedAsync(order, 1),
            _ => await returns.RequestedAsync(order, 1),
        };
        switch (status)
        {
            case "Approved" or "Expired":
                (await returns.DoAsync(id, "approve")).Expect(HttpStatusCode.OK);
                break;
            case "Rejected":
                (await returns.DoAsync(id, "reject", new { reason = "It was worn." })).Expect(HttpStatusCode.OK);
                break;
            case "Cancelled":
                (await returns.DoAsync(id, "cancel")).Expect(HttpStatusCode.OK);
                break;
            case "Inspected" or "RefundFailed" or "Completed":
                (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1))).Expect(HttpStatusCode.OK);
                break;
            default:
                break;
        }

        if (status == "Expired")
        {
            returns.Host.Time.Advance(TimeSpan.FromDays(31));
        }
        else if (status == "RefundFailed")
        {
            await returns.Host.PublishAsync(new OrderRefundFailed(order.OrderId, id, "The card was closed."));
        }
        else if (status == "Completed")
        {
            await returns.Host.PublishAsync(new OrderRefunded(order.OrderId, id, new Money(1_000, "EUR"), returns.Host.Time.GetUtcNow()));
        }

        await returns.StatusAsync(id, Words.Of(Enum.Parse<ReturnStatus>(status)));
        return id;
    }
}
