using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Disposal;

/// <summary>
/// MSA1106: a session is tested for <c>IDisposable</c>, which it never is.
/// <code>
/// if (mcp is IDisposable d) d.Dispose();                  // reported
/// if (mcp is IAsyncDisposable d) await d.DisposeAsync();  // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DisposalTestNeverSucceedsAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.DisposalTestNeverSucceeds);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => SessionRule.Register(
            start,
            Analyze,
            OperationKind.IsType,
            OperationKind.IsPattern,
            OperationKind.CaseClause,
            OperationKind.SwitchExpressionArm,
            OperationKind.Conversion,
            OperationKind.Invocation));
    }

    private static void Analyze(SessionRuleContext context)
    {
        var facts = context.Facts.Sessions;
        var (value, sessionType) = Tested(context.Operation, facts);
        if (value is null || !facts.Types.IsSession(sessionType) || facts.Types.IsSyncDisposable(sessionType)
            || IsAlsoTestedForAsync(value, context.Operation))
        {
            return;
        }

        context.Report(Diagnostic.Create(
            Descriptors.DisposalTestNeverSucceeds,
            context.Operation switch
            {
                IInvocationOperation call => OpeningLocations.NameOf(call),
                IPatternCaseClauseOperation clause => clause.Pattern.Syntax.GetLocation(),
                ISwitchExpressionArmOperation arm => arm.Pattern.Syntax.GetLocation(),
                var test => test.Syntax.GetLocation(),
            },
            sessionType!.Name));
    }

    /// <summary>What is asked whether it is IDisposable, and the static type of the session in it.</summary>
    private static (IOperation? Value, ITypeSymbol? Type) Tested(IOperation operation, SessionFacts facts)
    {
        switch (operation)
        {
            case IIsTypeOperation test when IsDisposable(test.TypeOperand):
                return Of(test.ValueOperand);
            case IIsPatternOperation test when IsDisposable(TypeOf(test.Pattern)):
                return Of(test.Value);
            case IPatternCaseClauseOperation { Parent.Parent: ISwitchOperation choice } test when IsDisposable(TypeOf(test.Pattern)):
                return Of(choice.Value);
            case ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } test when IsDisposable(TypeOf(test.Pattern)):
                return Of(choice.Value);
            case IConversionOperation { IsTryCast: true } cast when IsDisposable(cast.Type):
                return Of(cast.Operand);
            case IInvocationOperation { TargetMethod: { Name: "OfType", TypeArguments: { Length: 1 } wanted } } call
                when facts.Calls.IsLinq(call.TargetMethod) && IsDisposable(wanted[0]) && (call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } source:
                return (source, ElementOf(LocalValues.Unwrap(source).Type));
            default:
                return default;
        }

        static (IOperation?, ITypeSymbol?) Of(IOperation value) => (value, LocalValues.Unwrap(value).Type);
    }

    private static bool IsDisposable(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_IDisposable;

    private static ITypeSymbol? TypeOf(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation declaration => declaration.MatchedType,
        ITypePatternOperation type => type.MatchedType,
        IRecursivePatternOperation recursive => recursive.MatchedType,
        INegatedPatternOperation negated => TypeOf(negated.Pattern),
        _ => null,
    };

    private static ITypeSymbol? ElementOf(ITypeSymbol? sequence) => sequence switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol named => named.AllInterfaces.Prepend(named)
            .FirstOrDefault(type => type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0],
        _ => null,
    };

    /// <summary>
    /// Code for any kind of object asks for both, and the other question is answered yes: <c>if (mcp is IAsyncDisposable a) … else if (mcp is
    /// IDisposable d) …</c>.
    /// </summary>
    private static bool IsAlsoTestedForAsync(IOperation value, IOperation test)
    {
        var root = test;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        var text = LocalValues.Unwrap(value).Syntax.ToString();
        return root.Descendants().Any(other => other switch
        {
            IIsTypeOperation type => IsAsync(type.TypeOperand) && Is(type.ValueOperand),
            IIsPatternOperation pattern => pattern.Pattern.DescendantsAndSelf().OfType<IPatternOperation>().Any(inner => IsAsync(TypeOf(inner))) && Is(pattern.Value),
            IPatternCaseClauseOperation { Parent.Parent: ISwitchOperation choice } clause => IsAsync(TypeOf(clause.Pattern)) && Is(choice.Value),
            ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } arm => IsAsync(TypeOf(arm.Pattern)) && Is(choice.Value),
            IConversionOperation cast => IsAsync(cast.Type) && Is(cast.Operand),
            IInvocationOperation { TargetMethod.Name: "DisposeAsync", Instance: { } receiver } => Is(receiver),
            IInvocationOperation { TargetMethod: { Name: "OfType", TypeArguments: { Length: 1 } wanted } } => IsAsync(wanted[0]),
            IConditionalAccessOperation access => Is(access.Operation) && access.WhenNotNull.Descendants().Prepend(access.WhenNotNull).Any(part => part is IInvocationOperation { TargetMethod.Name: "DisposeAsync" }),
            _ => false,
        });

        bool Is(IOperation operand) => LocalValues.Unwrap(operand).Syntax.ToString() == text;

        static bool IsAsync(ITypeSymbol? type) => type is { Name: "IAsyncDisposable", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };
    }
}
