using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

/// <summary>What each command makes of a gift card in each status.</summary>
public sealed class GiftCardTransitionTests(PaymentsHost payments) : IClassFixture<PaymentsHost>
{
    // "paid", "declined": what the payment becomes. "refused": nothing happens. Otherwise the status of the card.
    private const string Table = """
        Status     Pay       Refund  Cancel     End
        Active     paid      Active  Cancelled  Active
        InUse      paid      Active  refused    Active
        Expired    declined  Active  refused    Expired
        Cancelled  declined  Active  Cancelled  Cancelled
        """;

    private ModuleHost Host => payments.Host;

    public static TheoryData<string, string, string> Cells()
    {
        var rows = Table.Split('\n').Select(static row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        var cells = new TheoryData<string, string, string>();
        foreach (var row in rows.Skip(1))
        {
            foreach (var (command, answer) in rows[0].Skip(1).Zip(row.Skip(1)))
            {
                cells.Add(row[0], command, answer);
            }
        }

        return cells;
    }

    [Fact]
    public void The_table_has_every_status() =>
        Assert.Empty(Enum.GetNames<GiftCardStatus>().Except(Cells().Select(static cell => (string)cell[0])));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_gift_card_answers_every_command_in_every_status_as_the_table_says(string status, string command, string answer)
    {
        var (card, _) = await Host.GiftCardAsync(1_000, status == "Expired" ? Host.Time.GetUtcNow().AddHours(2) : null);
        var spent = await Host.AuthorisedAsync(100, new PaymentTender("gift-card", card.ToString()));
        await Host.CaptureAsync(spent, 100, isFinal: true);
        await Host.ToldAsync<PaymentCaptured>(spent);
        await ReachAsync(card, status);

        Assert.Equal(answer, await DoAsync(command, card, spent));

        var (balance, held) = await Host.OnCardAsync(card);
        Assert.InRange(held, 0, balance);
    }

    private async Task ReachAsync(Guid card, string status)
    {
        switch (status)
        {
            case "InUse":
                await Host.AuthorisedAsync(200, new PaymentTender("gift-card", card.ToString()));
                break;
            case "Expired":
                Host.Time.Advance(TimeSpan.FromHours(3));
                await Eventually.Async(() => StatusAsync(card), static found => found == "Expired");
                break;
            case "Cancelled":
                await Host.SendAsync(new CancelGiftCard(card, "Mistake"));
                break;
            default:
                break;
        }
    }

    private async Task<string> DoAsync(string command, Guid card, Guid spent)
    {
        switch (command)
        {
            case "Pay":
                var id = await Host.RequestAsync(50, new PaymentTender("gift-card", card.ToString()));
                return await Eventually.Async(
                    async () => (await Host.AllToldAsync<PaymentAuthorised>(id)).Count > 0 ? "paid" : (await Host.AllToldAsync<PaymentDeclined>(id)).Count > 0 ? "declined" : string.Empty,
                    static found => found.Length > 0);
            case "Refund":
                await Host.RefundAsync(spent, 100);
                Assert.Equal(Eur(100), (await Host.ToldAsync<PaymentRefunded>(spent)).Amount);
                break;
            case "Cancel":
                try
                {
                    await Host.SendAsync(new CancelGiftCard(card, "Mistake"));
                }
                catch (ProblemException)
                {
                    return "refused";
                }

                break;
            default:
                await Host.SendAsync(new EndGiftCard(card));
                break;
        }

        return await StatusAsync(card);
    }

    private async Task<string> StatusAsync(Guid card) => (await Host.SendAsync(new GetGiftCard(card))).View.Status.ToString();
}
