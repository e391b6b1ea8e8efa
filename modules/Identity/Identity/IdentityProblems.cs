using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity;

/// <summary>The refusals that clients of Identity can tell apart.</summary>
internal static class IdentityProblems
{
    public static readonly ProblemType SignInBusy = new("sign-in-busy", 429, "Another sign-in with this address is being checked.",
        "Sign-ins with one address are checked one after the other, whether it has an account or not. Repeat the request in a second.");

    public static readonly ProblemType PasswordRefused = new("password-refused", 403, "The password is not the account's.",
        "The operation asks for the account's current password. After too many wrong ones the account is locked for a time, and the right one is refused too.");

    public static readonly ProblemType CodeRefused = new("code-refused", 403, "The code is not valid.",
        "A code of the authenticator app works once and for about a minute. Wait for the next one, and check the clock of the device.");

    public static readonly ProblemType SignInRefused = new("sign-in-refused", 401, "Nobody was signed in.",
        "The address, the password or the code is not right, or the account is locked for a time after too many attempts. Which of them is not told.");

    public static readonly ProblemType CodeRequired = new("code-required", 401, "The account asks for a second factor.",
        "The password is right. Send the request again with a code of the authenticator app, or a recovery code.");

    public static readonly ProblemType LinkInvalid = new("link-invalid", 409, "The link does not work any more.",
        "It was used, has expired, or was overtaken by a later change. Ask for a new one.");

    public static readonly ProblemType RoleExists = new("role-exists", 409, "There is a role with this name.",
        "Names of roles are unique, those of the product included. Change the role, or choose another name.");

    public static readonly ProblemType RoleInUse = new("role-in-use", 409, "Accounts have the role.",
        "A role is removed when nobody has it any more. Take it from its holders first.");

    public static readonly ProblemType PasskeyRefused = new("passkey-refused", 403, "The passkey is not accepted.",
        "The device's answer belongs to another question, is too old, or comes from another site. Ask the device again.");
}
