using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;

namespace ModularMonolith.Payments.Tests;

public sealed class PaymentTransitionTests
{
    // Rows are statuses. "started": the provider is asked; "failed", "voided", "declined": that is told at once; "-": nothing happens.
    private const string Table = """
        Status             Capture  Refund   Void     Expire    Repeated
        Authorising        failed   failed   started  declined  -
        ActionRequired     failed   failed   started  declined  -
        Authorised         started  failed   started  -         -
        Declined           failed   failed   voided   -         -
        PartiallyCaptured  started  started  started  -         -
        Captured           failed   started  voided   -         -
        Voiding            failed   failed   -        -         -
        Voided             failed   failed   voided   -         -
        PartiallyRefunded  failed   started  voided   -         -
        Refunded           failed   failed   voided   -         -
        """;

    private static readonly string[] Commands = ["Capture", "Refund", "Void", "Expire", "Repeated"];

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var row in Table.Split('\n').Skip(1).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            foreach (var (command, answer) in Commands.Zip(row.Skip(1)))
            {
                cells.Add(row[0], command, answer);
            }
        }

        return cells;
    }

    [Fact]
    public void The_table_has_every_status_and_every_command() => Assert.Equal(Enum.GetValues<PaymentStatus>().Length * Commands.Length, Cells().Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_payment_answers_every_command_in_every_status_as_the_table_says(string status, string command, string answer)
    {
        var payment = Reach(Enum.Parse<PaymentStatus>(status));
        Assert.Equal(Enum.Parse<PaymentStatus>(status), payment.Payment.Status);
        var before = (payment.Payment.Captured, payment.Payment.Refunded);

        var told = payment.Do(change => Send(change, command), out var steps);

        Assert.Equal(answer, told.Count == 0
            ? steps.Count == 0 ? "-" : "started"
            : told.Single() switch
            {
                CaptureFailed or RefundFailed => "failed",
                PaymentVoided => "voided",
                PaymentDeclined => "declined",
                var other => other.GetType().Name,
            });
        // Money moves only when the provider says so.
        Assert.Equal(before, (payment.Payment.Captured, payment.Payment.Refunded));
    }

    private static void Send(PaymentChange change, string command)
    {
        var id = change.Payment.Id;
        switch (command)
        {
            case "Capture":
                change.Capture(new CaptureRequested(id, Guid.CreateVersion7(), PaymentSteps.Eur(100), false));
                break;
            case "Refund":
                change.Refund(new RefundRequested(id, Guid.CreateVersion7(), PaymentSteps.Eur(100), "Came back"));
                break;
            case "Void":
                change.Void(new VoidRequested(id, "Cancelled"));
                break;
            case "Expire":
                change.Expire();
                break;
            default:
                // An outcome that was recorded before, or of an operation that nobody waits for.
                Assert.False(change.Record(Guid.CreateVersion7(), new WasAuthorised("pi", DateTimeOffset.MaxValue, true)));
                break;
        }
    }

    private static Decisions Reach(PaymentStatus status)
    {
        var payment = Decisions.Card(1_000);
        switch (status)
        {
            case PaymentStatus.Authorising:
                break;
            case PaymentStatus.ActionRequired:
                payment.Answer(static _ => new NeedsAction("pi", "https://bank.example"));
                break;
            case PaymentStatus.Declined:
                payment.Answer(static _ => new WasRefused("card-declined", "Declined."));
                break;
            case PaymentStatus.Voiding:
                payment.AnswerAll();
                payment.Void();
                break;
            case PaymentStatus.Voided:
                payment.AnswerAll();
                payment.Void();
                payment.AnswerAll();
                break;
            default:
                payment.AnswerAll();
                Move(payment, status);
                break;
        }

        return payment;
    }

    private static void Move(Decisions payment, PaymentStatus status)
    {
        if (status is PaymentStatus.PartiallyCaptured)
        {
            payment.Capture(400);
        }
        else if (status is PaymentStatus.Captured or PaymentStatus.PartiallyRefunded or PaymentStatus.Refunded)
        {
            payment.Capture(1_000);
        }

        payment.AnswerAll();
        if (status is PaymentStatus.PartiallyRefunded or PaymentStatus.Refunded)
        {
            payment.Refund(status == PaymentStatus.Refunded ? 1_000 : 300);
            payment.AnswerAll();
        }
    }
}
