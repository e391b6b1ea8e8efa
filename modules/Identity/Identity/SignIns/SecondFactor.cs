using Microsoft.AspNetCore.Identity;
using ModularMonolith.Identity.Accounts;

namespace ModularMonolith.Identity.SignIns;

/// <summary>Checks codes: those of an authenticator app (RFC 6238), each accepted once, and recovery codes.</summary>
internal sealed class SecondFactor(UserManager<Account> users, TimeProvider time)
{
    private const int Digits = 6;

    // Longer than the framework accepts a code for, which is five time steps of 30 seconds.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    /// <summary>Accepts a code of either kind. The caller saves the account.</summary>
    public async Task<bool> AcceptAsync(Account account, string code) =>
        IsAppCode(code) ? await AcceptAppCodeAsync(account, code) : (await users.RedeemTwoFactorRecoveryCodeAsync(account, code)).Succeeded;

    /// <summary>Accepts a code of the app. The caller saves the account.</summary>
    public async Task<bool> AcceptAppCodeAsync(Account account, string code)
    {
        var now = time.GetUtcNow();
        account.UsedCodes.RemoveAll(used => used.At < now - Remembered);

        // RFC 6238, section 5.2: a code that was accepted is not accepted again.
        if (!IsAppCode(code) || account.UsedCodes.Exists(used => used.Code == code)
            || !await users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code))
        {
            return false;
        }

        account.UsedCodes.Add(new UsedCode(code, now));
        return true;
    }

    // Exactly: the framework would read the same number from other texts too.
    private static bool IsAppCode(string code) => code.Length == Digits && code.All(char.IsAsciiDigit);
}
