using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The operations of one member (a method, accessor, constructor, initializer or the top-level program), nested functions included,
/// indexed in one walk by what value tracing asks for.
/// </summary>
internal sealed class MemberBody
{
    private readonly ILookup<ISymbol, IOperation> _references;
    private readonly ILookup<ISymbol, IVariableDeclaratorOperation> _declarators;
    private readonly Dictionary<SyntaxNode, IOperation> _calls;

    private MemberBody(IOperation root, ISymbol member, CancellationToken cancellationToken)
    {
        Root = root;
        Member = member;

        var references = new List<(ISymbol, IOperation)>();
        var calls = ImmutableArray.CreateBuilder<IOperation>();
        var operations = ImmutableArray.CreateBuilder<IOperation>();
        var declarators = new List<IVariableDeclaratorOperation>();
        var loops = ImmutableArray.CreateBuilder<IForEachLoopOperation>();
        var functions = ImmutableArray.CreateBuilder<IOperation>();
        var selectors = ImmutableArray.CreateBuilder<IMethodReferenceOperation>();
        var count = 0;
        foreach (var operation in root.DescendantsAndSelf())
        {
            if ((++count & 0xff) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (IsAskedFor(operation))
            {
                operations.Add(operation);
            }

            switch (operation)
            {
                case ILocalReferenceOperation local:
                    references.Add((local.Local, local));
                    break;
                case IParameterReferenceOperation parameter:
                    references.Add((parameter.Parameter, parameter));
                    break;
                case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } method:
                    references.Add((method.Method.OriginalDefinition, method));
                    if (SelectionBy(method) is not null)
                    {
                        selectors.Add(method);
                    }

                    break;
                case IMethodReferenceOperation group when SelectionBy(group) is not null:
                    selectors.Add(group);
                    break;
                case IFieldReferenceOperation field:
                    references.Add((field.Field.OriginalDefinition, field));
                    break;
                case IVariableDeclaratorOperation declarator:
                    declarators.Add(declarator);
                    break;
                case IPropertyReferenceOperation property:
                    references.Add((property.Property.OriginalDefinition, property));
                    calls.Add(property);
                    break;
                case IInvocationOperation or IObjectCreationOperation:
                    calls.Add(operation);
                    break;
                case IForEachLoopOperation loop:
                    loops.Add(loop);
                    break;
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    functions.Add(operation);
                    break;
            }
        }

        _references = references.ToLookup(pair => pair.Item1, pair => pair.Item2, SymbolEqualityComparer.Default);
        _declarators = declarators.ToLookup(declarator => (ISymbol)declarator.Symbol, SymbolEqualityComparer.Default);
        Calls = calls.ToImmutable();
        Operations = operations.ToImmutable();
        Functions = functions.ToImmutable();
        Loops = loops.ToImmutable();
        Selectors = selectors.ToImmutable();
        _calls = new Dictionary<SyntaxNode, IOperation>();
        foreach (var call in Calls)
        {
            // An implicit operation shares the syntax of the explicit one that it serves, which comes first.
            if (!call.IsImplicit && !_calls.ContainsKey(call.Syntax))
            {
                _calls.Add(call.Syntax, call);
            }
        }
    }

    public IOperation Root { get; }

    /// <summary>The method, or the field or property whose initializer this is.</summary>
    public ISymbol Member { get; }

    /// <summary>Invocations, object creations and property reads in source order: whatever may open a session.</summary>
    public ImmutableArray<IOperation> Calls { get; }

    /// <summary>Everything of the kinds that some rule looks at, in the order of evaluation as far as the tree knows it.</summary>
    public ImmutableArray<IOperation> Operations { get; }

    /// <summary>Lambdas and local functions.</summary>
    public ImmutableArray<IOperation> Functions { get; }

    public ImmutableArray<IForEachLoopOperation> Loops { get; }

    /// <summary>Method groups that a sequence calls for each of its elements: <c>servers.Select(OpenAsync)</c>.</summary>
    public ImmutableArray<IMethodReferenceOperation> Selectors { get; }

    /// <summary>The control-flow graphs that were asked for so far, by function.</summary>
    public ConcurrentDictionary<IOperation, FunctionGraph?> Graphs { get; } = new();

    public static MemberBody? Create(SyntaxNode? declaration, SemanticModel model, CancellationToken cancellationToken)
    {
        if (declaration is null || model.GetOperation(declaration, cancellationToken) is not { } root)
        {
            return null;
        }

        var member = MemberDeclarations.SymbolOf(declaration, model, cancellationToken);
        return member is null ? null : new MemberBody(root, member, cancellationToken);
    }

    /// <summary>The <c>Select</c> that is given <paramref name="group"/>.</summary>
    public static IInvocationOperation? SelectionBy(IMethodReferenceOperation group)
    {
        IOperation current = group;
        while (current.Parent is IDelegateCreationOperation or IConversionOperation)
        {
            current = current.Parent;
        }

        return current.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Select" } selection } ? selection : null;
    }

    private static bool IsAskedFor(IOperation operation) => operation.Kind switch
    {
        OperationKind.Invocation or OperationKind.ObjectCreation or OperationKind.PropertyReference or OperationKind.MethodReference => true,
        OperationKind.SimpleAssignment or OperationKind.DeconstructionAssignment or OperationKind.Using or OperationKind.UsingDeclaration => true,
        OperationKind.IsType or OperationKind.IsPattern or OperationKind.CaseClause or OperationKind.SwitchExpressionArm => true,
        OperationKind.Conversion => operation is IConversionOperation { IsTryCast: true },
        _ => false,
    };

    /// <summary>Where a local, parameter, field, property or local function (as a method group) is named in this body.</summary>
    public IEnumerable<IOperation> ReferencesTo(ISymbol symbol) => _references[symbol.OriginalDefinition];

    /// <summary>The code fills or empties the field or property, or may do so through a reference.</summary>
    public bool Stores(ISymbol member) =>
        ReferencesTo(member).Any(reference => reference.Parent switch
        {
            IAssignmentOperation assignment => assignment.Target == reference,
            IArgumentOperation argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out,
            ITupleOperation => true,
            _ => false,
        });

    /// <summary>Where a local is declared with a declarator (not by a pattern, out variable or foreach).</summary>
    public IEnumerable<IVariableDeclaratorOperation> Declarators(ISymbol local) => _declarators[local];

    /// <summary>This body's own operation for a call that another semantic model has bound.</summary>
    public IOperation? Find(SyntaxNode call) => _calls.TryGetValue(call, out var operation) ? operation : null;

    /// <summary>The function whose code <paramref name="operation"/> is: the innermost lambda or local function, else the member.</summary>
    public ISymbol FunctionOf(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IAnonymousFunctionOperation lambda:
                    return lambda.Symbol;
                case ILocalFunctionOperation local:
                    return local.Symbol;
            }
        }

        return Member;
    }
}
