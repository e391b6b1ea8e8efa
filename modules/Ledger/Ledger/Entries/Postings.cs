using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Which accounts an event moves. The table in docs/modules/ledger.md says the same.</summary>
internal static class Postings
{
    private const string GiftCard = "gift-card";
    private const string Outside = "outside";

    public static Entry? Of(OrderInvoiced invoiced) => new EntryDraft(EntryKinds.OrderInvoiced, Text(invoiced.InvoiceId), Text(invoiced.OrderId), invoiced.Total.Currency, invoiced.InvoicedAt)
        .Debit(Account.Customer, invoiced.Total)
        .Credit(Account.Revenue, invoiced.Items)
        .Credit(Account.ShippingRevenue, invoiced.Shipping)
        .Credit(Account.TaxPayable, invoiced.Tax)
        .Complete();

    public static Entry? Of(OrderCredited credited) => new EntryDraft(EntryKinds.OrderCredited, Text(credited.CreditId), Text(credited.OrderId), credited.Total.Currency, credited.CreditedAt)
        .Debit(Account.Revenue, credited.Items)
        .Debit(Account.ShippingRevenue, credited.Shipping)
        .Debit(Account.TaxPayable, credited.Tax)
        .Credit(Account.Customer, credited.Total)
        .Complete();

    /// <param name="paid">The event.</param>
    /// <param name="messageId">It has no id of its own, and an order may be paid in parts.</param>
    public static Entry? Of(OrderPaidManually paid, Guid messageId) => new EntryDraft(EntryKinds.OrderPaidManually, Text(messageId), Text(paid.OrderId), paid.Amount.Currency, paid.PaidAt)
        .Debit(Account.Bank, paid.Amount)
        .Credit(Account.Customer, paid.Amount)
        .Complete();

    public static Entry? Of(OrderRefundedManually refunded) => new EntryDraft(
            EntryKinds.OrderRefundedManually, Text(refunded.RefundId), Text(refunded.OrderId), refunded.Amount.Currency, refunded.RefundedAt)
        .Debit(Account.Customer, refunded.Amount)
        .Credit(Account.Bank, refunded.Amount)
        .Complete();

    public static Entry? Of(PaymentCaptured captured)
    {
        var draft = new EntryDraft(EntryKinds.PaymentCaptured, Text(captured.CaptureId), Normal(captured.Reference), captured.Amount.Currency, captured.CapturedAt);
        foreach (var part in captured.Parts)
        {
            var (account, reference) = AccountOf(part);
            draft.Debit(account, part.Amount, reference);
        }

        return draft.Credit(Account.Customer, captured.Amount).Complete();
    }

    public static Entry? Of(PaymentRefunded refunded)
    {
        var draft = new EntryDraft(EntryKinds.PaymentRefunded, Text(refunded.RefundId), Normal(refunded.Reference), refunded.Amount.Currency, refunded.RefundedAt)
            .Debit(Account.Customer, refunded.Amount);
        foreach (var part in refunded.Parts)
        {
            var (account, reference) = SourceOf(part);
            draft.Credit(account, part.Amount, reference);
        }

        return draft.Complete();
    }

    public static Entry? Of(RefundSent sent) => new EntryDraft(EntryKinds.RefundSent, Movement(sent.Part), Normal(sent.Reference), sent.Part.Amount.Currency, sent.SentAt)
        .Debit(Account.RefundsInTransit, sent.Part.Amount)
        .Credit(Account.Provider(sent.Part.Provider), sent.Part.Amount, sent.Part.ProviderReference)
        .Complete();

    public static Entry? Of(RefundReturned returned) => new EntryDraft(
            EntryKinds.RefundReturned, Movement(returned.Part), Normal(returned.Reference), returned.Part.Amount.Currency, returned.ReturnedAt)
        .Debit(Account.Provider(returned.Part.Provider), returned.Part.Amount, returned.Part.ProviderReference)
        .Credit(returned.Part.WasSent ? Account.RefundsInTransit : Account.Customer, returned.Part.Amount)
        .Complete();

    public static Entry? Of(SurplusTaken taken) => new EntryDraft(EntryKinds.SurplusTaken, Text(taken.SurplusId), Normal(taken.Reference), taken.Part.Amount.Currency, taken.TakenAt)
        .Debit(Account.Provider(taken.Part.Provider), taken.Part.Amount, taken.Part.ProviderReference)
        .Credit(Account.Customer, taken.Part.Amount)
        .Complete();

    public static Entry? Of(SurplusReturned returned)
    {
        var (account, reference) = SourceOf(returned.Part);
        return new EntryDraft(EntryKinds.SurplusReturned, Text(returned.SurplusId), Normal(returned.Reference), returned.Part.Amount.Currency, returned.ReturnedAt)
            .Debit(Account.Customer, returned.Part.Amount)
            .Credit(account, returned.Part.Amount, reference)
            .Complete();
    }

    public static Entry? Of(GiftCardIssued issued) => new EntryDraft(EntryKinds.GiftCardIssued, Text(issued.GiftCardId), Text(issued.GiftCardId), issued.Amount.Currency, issued.IssuedAt)
        .Debit(
            issued.Reason switch
            {
                "sold" => Account.Bank,
                "goodwill" => Account.GiftCardExpense,
                "refund" => Account.Customer,
                _ => throw new InvalidOperationException($"A gift card was issued for the reason '{issued.Reason}', and nobody has said which account that is. Add it to the postings."),
            },
            issued.Amount)
        .Credit(Account.GiftCardLiability, issued.Amount)
        .Complete();

    public static Entry? Of(GiftCardEnded ended) => new EntryDraft(EntryKinds.GiftCardEnded, Text(ended.GiftCardId), Text(ended.GiftCardId), ended.Remaining.Currency, ended.EndedAt)
        .Debit(Account.GiftCardLiability, ended.Remaining)
        .Credit(Account.Breakage, ended.Remaining)
        .Complete();

    /// <summary>What a provider keeps of a movement.</summary>
    /// <param name="provider">Its name.</param>
    /// <param name="transaction">The movement.</param>
    /// <param name="reference">The order that it belongs to; null when the ledger does not know.</param>
    public static Entry? FeeOf(string provider, ProviderTransaction transaction, string? reference) =>
        new EntryDraft(EntryKinds.ProviderFee, provider + "/" + transaction.Id, reference ?? Account.Provider(provider), transaction.Fee.Currency, transaction.CreatedAt)
            .Debit(Account.Fees, transaction.Fee)
            .Credit(Account.Provider(provider), transaction.Fee)
            .Complete();

    /// <summary>What a provider has paid out to the bank. It goes out, so its amount is below zero.</summary>
    public static Entry? PayoutOf(string provider, ProviderTransaction transaction) =>
        new EntryDraft(EntryKinds.ProviderPayout, provider + "/" + transaction.Id, Account.Provider(provider), transaction.Amount.Currency, transaction.CreatedAt)
            .Credit(Account.Bank, transaction.Amount)
            .Debit(Account.Provider(provider), transaction.Amount)
            .Complete();

    private static (string Account, string? Reference) AccountOf(TenderPart part) => part.Kind switch
    {
        GiftCard => (Account.GiftCardLiability, null),
        Outside => (Account.SettledOutside, null),
        _ => (Account.Provider(part.Provider), part.ProviderReference),
    };

    // What was told as sent has left the provider's account by an entry of its own.
    private static (string Account, string? Reference) SourceOf(TenderPart part) => part.WasSent ? (Account.RefundsInTransit, null) : AccountOf(part);

    private static string Movement(TenderPart part) => part.Provider + "/" + part.ProviderReference;

    private static string Text(Guid id) => id.ToString();

    // Payments hands on what it was told; an order's id may have been written in another way.
    private static string Normal(string reference) => Guid.TryParse(reference, out var id) ? Text(id) : reference;
}
