namespace ModularMonolith.Ledger.Entries;

/// <summary>What an account is. Assets and expenses grow on the debit side, the others on the credit side.</summary>
internal enum AccountKind
{
    Asset,
    Liability,
    Income,
    Expense,
}

/// <summary>The accounts.</summary>
internal static class Account
{
    /// <summary>What customers owe; below zero, what is owed to them.</summary>
    public const string Customer = "customer";

    /// <summary>What came, or was paid out, by transfer or at the counter.</summary>
    public const string Bank = "bank";

    /// <summary>What has left a provider for a customer and has not arrived.</summary>
    public const string RefundsInTransit = "refunds-in-transit";

    /// <summary>What the staff has given back outside of the provider who had taken it; the transfer's debit at the bank is settled against it.</summary>
    public const string SettledOutside = "settled-outside";

    /// <summary>What providers keep for themselves.</summary>
    public const string Fees = "fees";

    /// <summary>What was given away on gift cards.</summary>
    public const string GiftCardExpense = "gift-card-expense";

    /// <summary>Goods sold, without tax.</summary>
    public const string Revenue = "revenue";

    /// <summary>Shipping sold, without tax.</summary>
    public const string ShippingRevenue = "shipping-revenue";

    /// <summary>Gift cards that ended before they were used up.</summary>
    public const string Breakage = "breakage";

    /// <summary>Tax that was charged and is owed to the state.</summary>
    public const string TaxPayable = "tax-payable";

    /// <summary>What is on gift cards and owed to whoever has them.</summary>
    public const string GiftCardLiability = "gift-card-liability";

    private const string ProviderPrefix = "provider:";
    private const int LongestProvider = 60;

    /// <summary>What a payment provider holds for the shop.</summary>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    public static string Provider(string name) => name is { Length: > 0 and <= LongestProvider }
        ? ProviderPrefix + name
        : throw new ArgumentException($"A payment came from a provider named '{name}'; a provider's name has 1 to {LongestProvider} characters.", nameof(name));

    public static AccountKind KindOf(string account) => account switch
    {
        Customer or Bank or RefundsInTransit or SettledOutside => AccountKind.Asset,
        Fees or GiftCardExpense => AccountKind.Expense,
        Revenue or ShippingRevenue or Breakage => AccountKind.Income,
        TaxPayable or GiftCardLiability => AccountKind.Liability,
        _ when account.StartsWith(ProviderPrefix, StringComparison.Ordinal) => AccountKind.Asset,
        _ => throw new ArgumentException($"There is no account '{account}'.", nameof(account)),
    };

    /// <summary>The balance on the side on which the account grows.</summary>
    public static long BalanceOf(string account, long debit, long credit) =>
        KindOf(account) is AccountKind.Asset or AccountKind.Expense ? checked(debit - credit) : checked(credit - debit);
}
