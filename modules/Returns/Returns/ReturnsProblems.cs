using ModularMonolith.Platform.Http;

namespace ModularMonolith.Returns;

/// <summary>The refusals that clients of Returns can tell apart.</summary>
internal static class ReturnsProblems
{
    public static readonly ProblemType NotReturnable = new("return-not-returnable", 409, "Some lines cannot be returned.",
        "Each entry of lines names a variant with the quantity that was asked for, the quantity that can be returned now, and why not more: it was not in the order, has not arrived, the time to return it is over, or it is in a return already.");

    public static readonly ProblemType ExchangeNotPossible = new("return-exchange-not-possible", 409, "Some lines cannot be exchanged for what is wanted.",
        "Each entry of lines names a variant and why. Something can be exchanged for the same again, or for something else that is sold now at the price that was ordered at. For everything else return it for its money and order the other one.");

    public static readonly ProblemType MoreThanRequested = new("return-more-than-requested", 409, "More was inspected than the return has.",
        "Each entry of lines names a variant with the quantity that was inspected and the quantity of the return. What came in addition is not part of this return: ask for another one.");
}
