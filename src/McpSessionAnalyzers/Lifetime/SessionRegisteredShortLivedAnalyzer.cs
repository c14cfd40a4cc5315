using System.Collections.Immutable;
using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Lifetime;

/// <summary>
/// MSA1005: a registration as scoped or transient of a session, or of what keeps one; in any lifetime, of a task whose session nobody closes.
/// <code>
/// services.AddScoped(sp => McpClient.CreateAsync(transport).GetAwaiter().GetResult());                                      // reported
/// services.AddSingleton(sp => new SharedMcpSession(connect => new HttpClientTransport(options, connect.HttpClient)));       // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionRegisteredShortLivedAnalyzer : DiagnosticAnalyzer
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.MinimallyQualifiedFormat
        .RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SessionRegisteredShortLived);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => SessionRule.Register(start, Analyze, OperationKind.Invocation, OperationKind.ObjectCreation));
    }

    private static void Analyze(SessionRuleContext context)
    {
        var facts = context.Facts;

        // A test's container lives as long as the test.
        if (RegistrationCall.Of(context.Operation) is not { } call
            || (context.Body.Member is IMethodSymbol member && TestCode.ReasonOf(member) is not null)
            || RegisteredSession.Of(call, facts, context.CancellationToken) is not { } session)
        {
            return;
        }

        context.Report(Diagnostic.Create(
            Descriptors.SessionRegisteredShortLived,
            NameOf(call),
            session.Openings.Select(static opening => opening.Opening.Location),
            ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.RegisteredSessionKind, session.Kind.ToString()),
            session.Type.ToDisplayString(TypeFormat),
            call.Lifetime,
            Consequence(session, call),
            Advice(session, facts)));
    }

    private static string Consequence(RegisteredSession session, RegistrationCall call) => session.Kind switch
    {
        RegisteredSessionKind.NeverClosed => "but the container doesn't look for the MCP session inside, so nobody closes it and its connection or server process stays open",
        RegisteredSessionKind.Kept => $"so the MCP session in '{SymbolNames.Of(session.Member!)}' lives no longer than {Life(call)}, and each one pays for a connection and a handshake of its own",
        _ => $"so it opens an MCP session for {Life(call)}, and each one pays for a connection and a handshake of its own",
    };

    private static string Life(RegistrationCall call) => call.Lifetime == "scoped" ? "one scope, such as a request" : "one object that asks for it";

    private static string Advice(RegisteredSession session, CompilationFacts facts) => session.Kind switch
    {
        RegisteredSessionKind.Kept => "register it as a singleton, or keep the session in one",
        _ when !facts.Symbols.SharedSession.IsEmpty => "register a 'SharedMcpSession' as a singleton",
        RegisteredSessionKind.NeverClosed => "register as a singleton a type that opens the session and closes it when it is disposed",
        _ => "share one session in a singleton that closes it when it is disposed",
    };

    private static Location NameOf(RegistrationCall call) =>
        OpeningLocations.NameSyntaxOf(call.Operation.Syntax) is GenericNameSyntax { Identifier: var identifier } ? identifier.GetLocation() : OpeningLocations.NameOf(call.Operation);
}
