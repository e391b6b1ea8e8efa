using MediatR;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Contracts;

/// <summary>Finds a gift card by the code that is printed on it. Answers null when there is none or it has ended.</summary>
/// <param name="Code">As the customer has written it; blanks, hyphens and the case of letters do not count.</param>
public sealed record FindGiftCard(string Code) : IQuery<GiftCardDetails?>;

/// <summary>A gift card.</summary>
/// <param name="GiftCardId">Its id, which is no secret as its code is.</param>
/// <param name="LastCharacters">The last four characters of the code, to show.</param>
/// <param name="Available">What is on it and not promised to another payment.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
public sealed record GiftCardDetails(Guid GiftCardId, string LastCharacters, Money Available, DateTimeOffset? ExpiresAt);

/// <summary>
/// One page of what the provider itself says that it has taken, given back and kept as fees: asked over the network, so it may take seconds, and fails when the provider does not answer in time.
/// </summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment after the last.</param>
/// <param name="After">The <see cref="ProviderTransactionPage.Next"/> of the page before; null for the first.</param>
public sealed record GetProviderTransactions(DateTimeOffset From, DateTimeOffset To, string? After = null) : IRequest<ProviderTransactionPage>;

/// <summary>A page of a provider's report.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Transactions">At most 100.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
public sealed record ProviderTransactionPage(string Provider, IReadOnlyList<ProviderTransaction> Transactions, string? Next);

/// <summary>One movement of money at the provider.</summary>
/// <param name="Id">The provider's id of the movement.</param>
/// <param name="ProviderReference">The capture or refund that it belongs to, as in <see cref="TenderPart.ProviderReference"/>.</param>
/// <param name="Kind"><c>capture</c>, <c>refund</c> or <c>payout</c>; for anything else the provider's own word.</param>
/// <param name="Amount">Positive when it comes in.</param>
/// <param name="Fee">What the provider keeps; not negative.</param>
/// <param name="CreatedAt">When.</param>
public sealed record ProviderTransaction(string Id, string ProviderReference, string Kind, Money Amount, Money Fee, DateTimeOffset CreatedAt);
